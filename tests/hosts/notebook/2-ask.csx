using System.Globalization;
using System.IO;
using Microsoft.ML;
using TorchSharp;

string sum = $"sum {torch.ones(2, 2).sum().item<float>()}";

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

var ml = new MLContext();
ITransformer model = ml.Model.Load("facts.zip", out _);
Fact[] facts = [new Fact { Head = "E19", Relation = "P4", Tail = "E6" }, new Fact { Head = "E12", Relation = "P1", Tail = "E34" }];
IDataView judged = model.Transform(ml.Data.LoadFromEnumerable(facts));
float score = ml.Data.CreateEnumerable<Verdict>(judged, reuseRowObject: false).Last().Score;
