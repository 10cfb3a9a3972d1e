using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Texts that are too long and numbers that are not finite: said in training, never answered as if all were well.</summary>
[TestClass]
public sealed class GmtLimitsTests
{
    private const int Window = 512;

    [TestMethod]
    public void Rows_that_are_cut_or_longer_than_the_window_are_counted_and_warned_of()
    {
        KnowledgeGraph graph = WithLongName();
        int many = Labeled(graph).Count(row => row.Head.Length > Window);
        GmtFinetuneEstimator.Options options = GmtPipelines.Quick with { Text = GmtPipelines.Quick.Text with { CutoffLength = 2000 } };
        (TrainingResult result, List<string> warnings) = Fit(graph, options);
        Assert.AreEqual(0, result.RowsCut);
        Assert.AreEqual(many, result.RowsBeyondPositions);
        StringAssert.Contains(
            warnings.Single(line => line.Contains("positions", StringComparison.Ordinal)),
            $"{many} of 12 rows are longer than the 512 positions");

        (result, warnings) = Fit(graph, GmtPipelines.Quick with { Text = GmtPipelines.Quick.Text with { CutoffLength = 400 } });
        Assert.AreEqual(many, result.RowsCut);
        Assert.AreEqual(many, result.RowsWithoutLabels, "nothing is left of the answers");
        Assert.AreEqual(0, result.RowsBeyondPositions);
        StringAssert.Contains(
            warnings.Single(line => line.Contains("cut off", StringComparison.Ordinal)), $"{many} of 12 rows are longer than 400 tokens");
        (_, warnings) = Fit(Pipelines.Graph, GmtPipelines.Quick);
        Assert.IsFalse(warnings.Exists(line => line.Contains("longer than", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void A_prompt_that_is_longer_than_the_window_is_refused()
    {
        KnowledgeGraph graph = WithLongName();
        var ml = new MLContext(seed: 1);
        using TransformerChain<GmtTransformer> chain = ml.Transforms.SgmPretrain(graph, Pipelines.Options)
            .Append(ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, GmtPipelines.Quick)).Fit(graph.ToDataView(negativesPerPositive: 1));
        TripleJudge judge = chain.LastTransformer.GetJudge();
        Triple[] triples = graph.Triples(GraphSplit.Train).ToArray();
        Triple long1 = triples.Single(triple => graph.Entities[triple.Head].Length > Window);
        Assert.HasCount(1, judge.Judge([triples.First(triple => triple != long1)]));
        foreach (Action ask in new Action[]
        {
            () => judge.Judge([long1]), () => judge.JudgeWithoutMemory([long1]), () => judge.Respond([long1]),
        })
        {
            string message = Assert.ThrowsExactly<ArgumentException>(ask).Message;
            StringAssert.Matches(message, new(@"The prompt has [\d,]+ tokens, the language model 512 positions"));
            Assert.IsLessThan(400, message.Length, "the prompt is not told in full");
        }
    }

    [TestMethod]
    public void A_model_whose_numbers_are_not_finite_gives_no_verdict_no_answer_and_no_explanation()
    {
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(GmtPipelines.Quick);
        GmtModel model = chain.LastTransformer.Model.Binding.Get().Model;
        Triple[] triples = [Pipelines.Graph.Triples(GraphSplit.Test)[0]];
        TripleJudge judge = chain.LastTransformer.GetJudge();
        Assert.HasCount(1, judge.Judge(triples));
        using (no_grad())
        {
            foreach ((_, Parameter parameter) in model.NamedParameters())
            {
                parameter.fill_(float.NaN);
            }
        }

        Assert.ThrowsExactly<NotFiniteNumberException>(() => judge.Judge(triples));
        Assert.ThrowsExactly<NotFiniteNumberException>(() => judge.Respond(triples));
        Assert.ThrowsExactly<NotFiniteNumberException>(() => judge.Explain(triples));
        IDataView judged = chain.LastTransformer.Transform(GmtPipelines.Data);
        Assert.ThrowsExactly<NotFiniteNumberException>(
            () => new MLContext().Data.CreateEnumerable<JudgedRow>(judged, reuseRowObject: false, ignoreMissingColumns: true).ToArray());
    }

    [TestMethod]
    public void A_base_model_with_such_a_weight_is_refused_with_its_name()
    {
        using var folder = new TemporaryFolder();
        ModelCopy.Write(folder.Path);
        string spoilt = Spoil(Path.Combine(folder.Path, "model.safetensors"));
        using SgmTransformer stage1 = Pipelines.Fit();
        WeightFileException error = Assert.ThrowsExactly<WeightFileException>(
            () => new MLContext().Transforms.GmtFinetune(folder.Path, GmtPipelines.Quick).Fit(stage1.Transform(GmtPipelines.Data)));
        Assert.AreEqual(spoilt, error.TensorName);
        StringAssert.Contains(error.Message, "not finite");
    }

    /// <summary>Puts an infinity into the middle of a file's last tensor.</summary>
    private static string Spoil(string path)
    {
        string name;
        long at;
        using (var file = SafetensorsFile.Open(path))
        {
            name = file.Names[^1];
            StoredTensor last = file.Info(name);
            int size = (int)(last.ByteCount / last.ElementCount);
            at = last.Offset + (last.ElementCount / 2 * size) + size - 2;
        }

        using FileStream stream = File.OpenWrite(path);
        stream.Position = at;
        stream.Write([0x80, 0x7F]); // the upper half of an infinity, in fp32 and in bf16
        return name;
    }

    private static (TrainingResult Result, List<string> Warnings) Fit(KnowledgeGraph graph, GmtFinetuneEstimator.Options options)
    {
        var ml = new MLContext(seed: 1);
        List<string> warnings = ml.Messages();
        IDataView rows = ReferenceEquals(graph, Pipelines.Graph) ? GmtPipelines.Data : graph.ToDataView(negativesPerPositive: 1);
        using TransformerChain<GmtTransformer> chain = ml.Transforms.SgmPretrain(graph, Pipelines.Options)
            .Append(ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, options)).Fit(rows);
        return (chain.LastTransformer.TrainingResult!, warnings);
    }

    /// <summary>The rows that <see cref="Fit"/> learns from: true triples, and a false one for each, where any entity stands in.</summary>
    private static TripleRow[] Labeled(KnowledgeGraph graph) =>
        [.. new MLContext().Data.CreateEnumerable<TripleRow>(graph.ToDataView(negativesPerPositive: 1), reuseRowObject: false)
            .Select(row => row.Tail.Length > row.Head.Length ? new TripleRow { Head = row.Tail } : row)];

    /// <summary>Six triples, one of them of a name longer than the window.</summary>
    private static KnowledgeGraph WithLongName()
    {
        var builder = new KnowledgeGraphBuilder();
        string name = string.Concat(Enumerable.Repeat("Wolfeschlegelsteinhausenbergerdorff ", 90));
        builder.Add(name, "lives in", "Bern");
        for (int i = 0; i < 5; i++)
        {
            builder.Add($"person {i}", "lives in", $"city {i % 2}");
        }

        return builder.Build();
    }
}
