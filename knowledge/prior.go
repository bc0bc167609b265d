package knowledge

// prior is the calibration that a FAQ starts from, fitted on the training halves of several data sets with entries left out, at 30 % of
// questions that nothing answers. To make it again: go test ./knowledge -run TestPrior_Fit -fit
var prior = calibration{
	bias:    -5.349,
	weights: []float64{-0.250, 2.369, 0.861, -0.113, 1.972, 0.332, 1.158, 0.712, -0.259, 0.101, 0.941, 3.647, 0.419},
}

// Bands are the confidences from which an utterance is answered, and from which entries are offered.
type Bands struct {
	Answer  Confidence `json:"answer"`
	Clarify Confidence `json:"clarify"`
}

// DefaultBands keep wrong answers under a tenth of the given ones when three questions in ten have no answer in the FAQ.
var DefaultBands = Bands{Answer: 0.6, Clarify: 0.15}
