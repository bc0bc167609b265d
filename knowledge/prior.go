package knowledge

// prior is the calibration that a FAQ starts from, fitted on the training halves of several data sets with entries left out, on FAQs of a
// few entries taken out of them, which are asked foreign questions too, and on the sample FAQ with phrasings and entries left out, at 30 % of
// questions that nothing answers. To make it again: go test ./knowledge -run TestPrior_Fit -fit
var prior = calibration{
	bias:    -6.113,
	weights: []float64{0.185, 2.927, -0.200, 1.002, 0.411, 0.976, -0.344, 0.849, -1.889, 2.598, 2.690, 2.666, 1.115},
}

// Bands are the confidences from which an utterance is answered, and from which entries are offered.
type Bands struct {
	Answer  Confidence `json:"answer"`
	Clarify Confidence `json:"clarify"`
}

// DefaultBands keep wrong answers under a tenth of the given ones when three questions in ten have no answer in the FAQ.
var DefaultBands = Bands{Answer: 0.6, Clarify: 0.15}
