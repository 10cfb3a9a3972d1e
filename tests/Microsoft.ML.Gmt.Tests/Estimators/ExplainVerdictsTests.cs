using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Llm;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary><c>ExplainVerdicts</c> gives in numbers what the column <c>Explanation</c> says in words.</summary>
[TestClass]
public sealed class ExplainVerdictsTests
{
    private static readonly FeatureRow[] Rows = FeatureRows.Of(GraphSplit.Validation, seed: 3);

    private static TransformerChain<GmtTransformer> s_chain = null!;

    private static GmtTransformer Model => s_chain.LastTransformer;

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        s_chain = GmtPipelines.Fit(GmtPipelines.Quick with { FeatureColumnName = "Features" }, FeatureRows.View(Rows));
    }

    [ClassCleanup]
    public static void CleanUp() => s_chain.Dispose();

    [TestMethod]
    public void Numbers_are_those_of_the_column()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        IDataView data = FeatureRows.View(Rows);
        VerdictExplanation[] explanations = [.. Model.ExplainVerdicts(data, numberOfFeatures: 3, numberOfEdges: 2)];
        JudgedRow[] judged = [.. new MLContext().Data.CreateEnumerable<JudgedRow>(s_chain.Transform(data), reuseRowObject: false)];
        Assert.HasCount(Rows.Length, explanations);
        Assert.IsTrue(explanations.Any(explanation => explanation.Features.Count > 0));
        for (int i = 0; i < Rows.Length; i++)
        {
            Assert.AreEqual(Rows[i].Head, Model.Graph.Entities[explanations[i].Triple.Head]);
            Assert.AreEqual(judged[i].Score, explanations[i].Verdict.Score, 1e-4);
            Assert.AreEqual(judged[i].Explanation, Words(explanations[i]));
        }
    }

    [TestMethod]
    public void Rows_with_unknown_names_are_left_out_and_numbers_are_checked()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        FeatureRow[] rows = [new() { Head = "nobody", Relation = "speaks", Tail = "language of France" }, Rows[0]];
        VerdictExplanation only = Model.ExplainVerdicts(FeatureRows.View(rows), numberOfFeatures: 0, numberOfEdges: 1).Single();
        Assert.AreEqual(Rows[0].Head, Model.Graph.Entities[only.Triple.Head]);
        Assert.IsEmpty(only.Features);
        Assert.HasCount(1, only.Edges);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Model.ExplainVerdicts(FeatureRows.View(rows), numberOfEdges: -1));
    }

    private static string Words(VerdictExplanation explanation) => string.Join(
        "; ",
        [
            .. explanation.Features.Select(feature => string.Create(
                CultureInfo.InvariantCulture, $"{feature.Name} = {feature.Value:g4} ({feature.Effect:+0.00;-0.00;0.00})")),
            .. explanation.Edges.Select(
                edge => string.Create(CultureInfo.InvariantCulture, $"{Model.Graph.TripleText(edge.Fact)} {edge.Weight:p1}")),
        ]);
}
