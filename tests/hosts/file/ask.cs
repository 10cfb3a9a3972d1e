#:package Gmt.MLNet@@VERSION@
#:package libtorch-cpu-@RID@@@LIBTORCH@
#:property PublishAot=false
#:property InvariantGlobalization=true
using Microsoft.ML;
using TorchSharp;

using (torch.Tensor own = torch.ones(2, 2))
{
    Console.WriteLine($"sum {own.sum().item<float>()}");
}

var ml = new MLContext();
ITransformer model = ml.Model.Load(args[0], out _);
Fact[] facts = [new Fact { Head = "E19", Relation = "P4", Tail = "E6" }, new Fact { Head = "E12", Relation = "P1", Tail = "E34" }];
IDataView judged = model.Transform(ml.Data.LoadFromEnumerable(facts));
float score = ml.Data.CreateEnumerable<Verdict>(judged, reuseRowObject: false).Last().Score;
using var engine = ml.Model.CreatePredictionEngine<Fact, Verdict>(model);
Verdict verdict = engine.Predict(facts[0]);
Console.WriteLine($"{verdict.PredictedLabel}, {verdict.Probability:f3}, {score:f3}, read: {verdict.Explanation}");

class Fact
{
    public string Head { get; set; } = "";
    public string Relation { get; set; } = "";
    public string Tail { get; set; } = "";
}

class Verdict
{
    public bool PredictedLabel { get; set; }
    public float Probability { get; set; }
    public float Score { get; set; }
    public string Explanation { get; set; } = "";
}
