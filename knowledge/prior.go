package knowledge

// prior is the calibration that a FAQ starts from, fitted on the training halves of several data sets with entries left out and of FAQs of a
// few entries taken out of them, which are asked foreign questions too, at 30 % of questions that nothing answers. To make it again: go test ./knowledge -run TestPrior_Fit -fit
var prior = calibration{
	bias:    -5.552,
	weights: []float64{0.801, 2.914, 0.497, 0.086, 2.542, 1.032, -0.522, 0.512, -1.451, 2.562, 2.378, 2.676, 2.004},
}

// Bands are the confidences from which an utterance is answered, and from which entries are offered.
type Bands struct {
	Answer  Confidence `json:"answer"`
	Clarify Confidence `json:"clarify"`
}

// DefaultBands keep wrong answers under a tenth of the given ones when three questions in ten have no answer in the FAQ.
var DefaultBands = Bands{Answer: 0.6, Clarify: 0.15}
