package knowledge

// prior is the calibration that a FAQ starts from, fitted on the training halves of several data sets with entries left out, at 30 % of
// questions that nothing answers. To make it again: go test ./knowledge -run TestPrior_Fit -fit
var prior = calibration{
	bias:    -5.037,
	weights: []float64{0.820, 4.231, 0.884, 0.168, 3.199, 0.249, 3.198, 0.559, 0.294, 0.952, 2.050},
}

// Bands are the confidences from which an utterance is answered, and from which entries are offered.
type Bands struct {
	Answer  Confidence `json:"answer"`
	Clarify Confidence `json:"clarify"`
}

// DefaultBands keep wrong answers under a tenth of the given ones when three questions in ten have no answer in the FAQ.
var DefaultBands = Bands{Answer: 0.6, Clarify: 0.15}
