package knowledge

// TrainingVersion is trainingVersion.
const TrainingVersion = trainingVersion
