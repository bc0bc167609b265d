package knowledge

// What a FAQ starts from, fitted on the training halves of several data sets with entries left out, on FAQs of a few entries taken out of them,
// which are asked foreign questions too, and on the sample FAQ with phrasings and entries left out, at 30 % of questions that nothing
// answers; then mixSaid was set to 2.6, where the fit had 2.4 for few ways and less for many. To make it again:
// go test ./knowledge -run TestPrior_Fit -fit
var (
	priorMixture = mixture{16.292, -1.129, 3.924, 13.174, 0.571, 2.373, -0.240, -1.808, 0.513, -0.136, -0.292, 2.6, -0.370, otherNumber}
	prior        = calibration{bias: -3.363, weights: [coefficients]float64{-3.848, 3.780, 0.121, 0.995, 0.822, 0.311, 0.378, 1.184, 1.625, -0.890, 0.466, 2.289, 1.320, -0.075, -0.405}}
	// usualMargin is a trained model's margin by how near the utterance is.
	usualMargin = struct{ bias, body, nearest float64 }{-0.869, 1.838, 0.472}
)

// otherNumber is set by hand: the data sets hold too few numbers to learn that a question with one is not asked of an entry with another.
const otherNumber = -1.5
