package knowledge

// prior is the calibration that a FAQ starts from, fitted on the training halves of several data sets with entries left out and of FAQs of a
// few entries taken out of them, at 30 % of questions that nothing answers. To make it again: go test ./knowledge -run TestPrior_Fit -fit
var prior = calibration{
	bias:    -5.252,
	weights: []float64{0.864, 2.941, 0.265, 0.090, 2.402, 1.044, -0.571, 0.419, -1.120, 2.623, 2.045, 2.426, 2.302},
}

// Bands are the confidences from which an utterance is answered, and from which entries are offered.
type Bands struct {
	Answer  Confidence `json:"answer"`
	Clarify Confidence `json:"clarify"`
}

// DefaultBands keep wrong answers under a tenth of the given ones when three questions in ten have no answer in the FAQ.
var DefaultBands = Bands{Answer: 0.6, Clarify: 0.15}
