using System.IO.Compression;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Names in rows: looked up as people write them; what is unknown never looks like a verdict, or is an error.</summary>
[TestClass]
public sealed class UnknownNameTests
{
    private static readonly KnowledgeGraph Labeled = WithLabels();
    private static MLContext s_ml = null!;
    private static List<string> s_warnings = null!;
    private static TransformerChain<GmtTransformer> s_chain = null!;

    private static PredictionEngineOptions Borrowed => new() { OwnsTransformer = false };

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        s_ml = new MLContext(seed: 1);
        s_warnings = s_ml.Messages();
        s_chain = s_ml.Transforms.SgmPretrain(Labeled, Pipelines.Options)
            .Append(s_ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, GmtPipelines.Quick))
            .Fit(Labeled.ToLabeledDataView(GraphSplit.Validation));
    }

    [ClassCleanup]
    public static void Free() => s_chain.Dispose();

    [TestMethod]
    public void Labels_and_other_spellings_score_as_names_do_and_the_latter_are_said()
    {
        s_warnings.Clear();
        JudgedRow[] rows = Judge(
            Row("P:1", "speaks", "language of Italy"), Row("person 1", "speaks", "language of Italy"),
            Row("Person 1 ", "speaks", "LANGUAGE OF ITALY"));
        Assert.IsTrue(rows.All(row => row.Known));
        Assert.AreEqual((rows[0].Score, rows[0].Explanation), (rows[1].Score, rows[1].Explanation));
        Assert.AreEqual(rows[0].Score, rows[2].Score);
        string said = string.Join('\n', s_warnings);
        StringAssert.Contains(
            said, "Row 2 (head column 'Head'): 'Person 1 ' is taken for the entity 'P:1'; case, and perhaps blanks, differ.");
        StringAssert.Contains(said, "1 of 3 rows have names that were found only in another normal form or case");
        Assert.DoesNotContain("the graph lacks", said);
    }

    [TestMethod]
    public void A_label_of_two_is_unknown_and_both_are_named()
    {
        s_warnings.Clear();
        JudgedRow row = Judge(Row("twin", "knows", "P:1"))[0];
        Assert.AreEqual((false, false, ""), (row.Known, row.PredictedLabel, row.Response));
        StringAssert.Contains(string.Join('\n', s_warnings), "'twin' may be twin one, twin two; name the entity by one of these");
    }

    [TestMethod]
    public void Metrics_are_those_of_the_known_rows_and_the_column_counts_the_others()
    {
        TripleRow[] known = [.. s_ml.Data.CreateEnumerable<TripleRow>(Labeled.ToLabeledDataView(GraphSplit.Test), reuseRowObject: false)];
        TripleRow[] unknown = [Row("nobody", "speaks", "language of Italy"), Row("P:1", "sings", "language of Italy"), Row("", "", "")];
        IDataView all = s_chain.Transform(s_ml.Data.LoadFromEnumerable([.. known, .. unknown]));
        IDataView some = s_chain.Transform(s_ml.Data.LoadFromEnumerable(known));
        CalibratedBinaryClassificationMetrics ofAll = s_ml.BinaryClassification.Evaluate(all);
        CalibratedBinaryClassificationMetrics ofSome = s_ml.BinaryClassification.Evaluate(some);
        Assert.AreEqual(ofSome.Accuracy, ofAll.Accuracy, "ML.NET drops rows whose score is missing, and does not say so");
        Assert.AreEqual(ofSome.AreaUnderRocCurve, ofAll.AreaUnderRocCurve);
        Assert.AreEqual(ofSome.LogLoss, ofAll.LogLoss);
        Assert.AreEqual(unknown.Length, all.GetColumn<bool>("Known").Count(isKnown => !isKnown));
    }

    [TestMethod]
    public void As_an_error_the_first_unknown_name_ends_the_reading_and_an_engine_goes_on()
    {
        using TransformerChain<GmtTransformer> strict = Saved(Fit(
            Pipelines.Options with { UnknownNameHandling = UnknownNameHandling.Error }, UnknownNameHandling.Error));
        TripleRow good = Row("P:1", "speaks", "language of Italy"), bad = Row("P:1", "speaks", "langage of Italy");
        IDataView view = strict.LastTransformer.Transform(s_ml.Data.LoadFromEnumerable([good, bad]));
        var thrown = Assert.ThrowsExactly<UnknownNameException>(() => view.GetColumn<float>("Score").ToArray());
        StringAssert.StartsWith(
            thrown.Message, "Row 1 (tail column 'Tail'): the graph has no entity 'langage of Italy'; did you mean 'language of Italy'");
        CollectionAssert.Contains(thrown.Match!.Suggestions.ToArray(), "language of Italy");
        IDataView first = strict.OfType<SgmTransformer>().Single().Transform(s_ml.Data.LoadFromEnumerable([bad]));
        Assert.ThrowsExactly<UnknownNameException>(() => first.GetColumn<float>("Score").ToArray());

        using PredictionEngine<TripleRow, JudgedRow> engine = s_ml.Model.CreatePredictionEngine<TripleRow, JudgedRow>(strict, Borrowed);
        float expected = engine.Predict(good).Score;
        Assert.ThrowsExactly<UnknownNameException>(() => engine.Predict(bad));
        Assert.ThrowsExactly<UnknownNameException>(() => engine.Predict(bad), "not the row before");
        Assert.AreEqual(expected, engine.Predict(good).Score);
    }

    [TestMethod]
    public void As_an_error_an_unknown_name_ends_training_and_ranking()
    {
        SgmPretrainEstimator.Options options = Pipelines.Options with { UnknownNameHandling = UnknownNameHandling.Error };
        IDataView rows = s_ml.Data.LoadFromEnumerable([Row("P:1", "speaks", "language of Italy"), Row("P:1", "speaks", "Latin")]);
        Assert.ThrowsExactly<UnknownNameException>(() => s_ml.Transforms.SgmPretrain(Labeled, options).Fit(rows));
        using SgmTransformer stage1 = s_ml.Transforms.SgmPretrain(Labeled, options).Fit(Labeled.ToDataView());
        Assert.ThrowsExactly<UnknownNameException>(() => stage1.RankEntities(rows));
        GmtFinetuneEstimator.Options stage2 = GmtPipelines.Options with { UnknownNameHandling = UnknownNameHandling.Error };
        IDataView evidence = s_chain.OfType<SgmTransformer>().Single().Transform(rows);
        Assert.ThrowsExactly<UnknownNameException>(() => s_ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, stage2).Fit(evidence));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => s_ml.Transforms.SgmPretrain(Labeled, options with { UnknownNameHandling = (UnknownNameHandling)7 }));
    }

    [TestMethod]
    public void Training_leaves_unknown_rows_out_and_says_how_many()
    {
        s_warnings.Clear();
        IDataView rows = s_ml.Data.LoadFromEnumerable([Row("P:1", "speaks", "language of Italy"), Row("P:1", "speaks", "Latin")]);
        using SgmTransformer model = s_ml.Transforms.SgmPretrain(Labeled, Pipelines.Options).Fit(rows);
        StringAssert.Contains(string.Join('\n', s_warnings), "1 of 2 rows have names that the graph lacks: they are left out");
    }

    [TestMethod]
    public void What_becomes_of_unknown_names_is_in_the_archive_only_where_it_was_chosen()
    {
        using var usual = new MemoryStream();
        s_ml.Model.Save(s_chain, null, usual);
        Assert.DoesNotContain("unknownNameHandling", Configuration(usual), "as archives before the option");
        using SgmTransformer strict = s_ml.Transforms.SgmPretrain(
            Labeled, Pipelines.Options with { UnknownNameHandling = UnknownNameHandling.Error }).Fit(Labeled.ToDataView());
        using var chosen = new MemoryStream();
        s_ml.Model.Save(strict, null, chosen);
        StringAssert.Contains(Configuration(chosen), "\"unknownNameHandling\": \"Error\"");
    }

    [TestMethod]
    public void The_column_has_the_name_that_was_chosen()
    {
        SgmPretrainEstimator.Options options = Pipelines.Options with { Outputs = new SgmOutputColumnNames { Known = "InGraph" } };
        using SgmTransformer model = s_ml.Transforms.SgmPretrain(Labeled, options).Fit(Labeled.ToDataView());
        IDataView rows = model.Transform(s_ml.Data.LoadFromEnumerable([Row("P:1", "speaks", "Latin")]));
        Assert.IsFalse(rows.GetColumn<bool>("InGraph").Single());
        Assert.IsNull(rows.Schema.GetColumnOrNull("Known"));
        Assert.ThrowsExactly<ArgumentException>(() => s_ml.Transforms.SgmPretrain(
            Labeled, options with { Outputs = new SgmOutputColumnNames { Known = "Score" } }));
    }

    private static TripleRow Row(string head, string relation, string tail) => new() { Head = head, Relation = relation, Tail = tail };

    private static JudgedRow[] Judge(params TripleRow[] rows) =>
        [.. s_ml.Data.CreateEnumerable<JudgedRow>(s_chain.Transform(s_ml.Data.LoadFromEnumerable(rows)), reuseRowObject: false)];

    private static TransformerChain<GmtTransformer> Fit(SgmPretrainEstimator.Options stage1, UnknownNameHandling handling) =>
        s_ml.Transforms.SgmPretrain(Labeled, stage1)
            .Append(s_ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, GmtPipelines.Quick with
            {
                UnknownNameHandling = handling,
            })).Fit(Labeled.ToLabeledDataView(GraphSplit.Validation));

    private static TransformerChain<GmtTransformer> Saved(TransformerChain<GmtTransformer> chain)
    {
        using var stream = new MemoryStream();
        s_ml.Model.Save(chain, null, stream);
        chain.Dispose();
        stream.Position = 0;
        ITransformer[] all = [.. (IEnumerable<ITransformer>)s_ml.Model.Load(stream, out _)];
        return new TransformerChain<GmtTransformer>(all);
    }

    private static string Configuration(MemoryStream stream)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        return string.Concat(archive.Entries.Where(entry => entry.Name == "config.json").Select(entry =>
        {
            using var reader = new StreamReader(entry.Open());
            return reader.ReadToEnd();
        }));
    }

    /// <summary>The small graph, in which "P:1" is labeled "person 1", and two more entities have one label.</summary>
    private static KnowledgeGraph WithLabels()
    {
        var builder = new KnowledgeGraphBuilder();
        KnowledgeGraph plain = Pipelines.Graph;
        string Name(int id) => plain.Entities[id] == "person 1" ? "P:1" : plain.Entities[id];
        foreach (GraphSplit split in Enum.GetValues<GraphSplit>())
        {
            var rows = plain.Triples(split).ToArray().Select(triple => (triple, true))
                .Concat(plain.Negatives(split).ToArray().Select(triple => (triple, false)));
            foreach ((Triple triple, bool label) in rows)
            {
                builder.Add(Name(triple.Head), plain.Relations[triple.Relation], Name(triple.Tail), split, label);
            }
        }

        builder.AddEntity("P:1", "person 1");
        builder.AddEntity("twin one", "twin");
        builder.AddEntity("twin two", "twin");
        return builder.Build();
    }
}
