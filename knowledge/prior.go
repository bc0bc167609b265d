package knowledge

// prior is the calibration that a FAQ starts from, fitted on the training halves of several data sets with entries left out, at 30 % of
// questions that nothing answers. To make it again: go test ./knowledge -run TestPrior_Fit -fit
var prior = calibration{
	bias:    -5.339,
	weights: []float64{-0.249, 2.379, 0.874, -0.124, 1.986, 0.320, 1.186, 0.711, -0.257, 0.099, 0.945, 3.634, 0.409},
}

// Bands are the confidences from which an utterance is answered, and from which entries are offered.
type Bands struct {
	Answer  Confidence `json:"answer"`
	Clarify Confidence `json:"clarify"`
}

// DefaultBands keep wrong answers under a tenth of the given ones when three questions in ten have no answer in the FAQ.
var DefaultBands = Bands{Answer: 0.6, Clarify: 0.15}
