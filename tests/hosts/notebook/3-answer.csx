var engine = ml.Model.CreatePredictionEngine<Fact, Verdict>(model);
Verdict verdict = engine.Predict(facts[0]);
string answer = string.Create(
    CultureInfo.InvariantCulture, $"{verdict.PredictedLabel}, {verdict.Probability:f3}, {score:f3}, read: {verdict.Explanation}");
File.WriteAllLines("notebook.txt", [sum, answer]);
