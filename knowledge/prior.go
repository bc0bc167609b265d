package knowledge

// prior is the calibration that a FAQ starts from, fitted on the training halves of several data sets with entries left out, at 30 % of
// questions that nothing answers. To make it again: go test ./knowledge -run TestPrior_Fit -fit
var prior = calibration{
	bias:    -5.373,
	weights: []float64{-0.263, 2.399, 0.888, -0.092, 1.988, 0.318, 1.255, 0.712, -0.258, 0.089, 0.899, 3.620, 0.409},
}

// Bands are the confidences from which an utterance is answered, and from which entries are offered.
type Bands struct {
	Answer  Confidence `json:"answer"`
	Clarify Confidence `json:"clarify"`
}

// DefaultBands keep wrong answers under a tenth of the given ones when three questions in ten have no answer in the FAQ.
var DefaultBands = Bands{Answer: 0.6, Clarify: 0.15}
