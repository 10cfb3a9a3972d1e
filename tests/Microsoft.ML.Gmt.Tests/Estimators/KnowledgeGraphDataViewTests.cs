using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Graph;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class KnowledgeGraphDataViewTests
{
    private static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    public void A_split_is_a_view_of_names_and_labels()
    {
        IDataView view = Pipelines.Graph.ToDataView(GraphSplit.Test);
        CollectionAssert.AreEqual(new[] { "Head", "Relation", "Tail", "Label" }, view.Schema.Select(column => column.Name).ToArray());
        Assert.AreEqual(Pipelines.Graph.Triples(GraphSplit.Test).Length, view.GetRowCount());
        Row[] rows = Read(view);
        CollectionAssert.AreEqual(Pipelines.Graph.Triples(GraphSplit.Test).ToArray(), rows.Select(Ids).ToArray());
        Assert.IsTrue(rows.All(row => row.Label));
    }

    [TestMethod]
    [DataRow(GraphSplit.Train)]
    [DataRow(GraphSplit.Validation)]
    [DataRow(GraphSplit.Test)]
    public void Negatives_follow_their_positives_are_the_same_each_time_and_never_known_to_be_true(GraphSplit split)
    {
        IDataView view = Pipelines.Graph.ToDataView(split, negativesPerPositive: 2, seed: 5);
        Row[] rows = Read(view);
        Assert.AreEqual(3 * Pipelines.Graph.Triples(split).Length, rows.Length);
        CollectionAssert.AreEqual(rows.Select(Ids).ToArray(), Read(view).Select(Ids).ToArray());
        var known = new KnownTriples(Pipelines.Graph, [.. Enum.GetValues<GraphSplit>().Where(other => other <= split)]);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.AreEqual(i % 3 == 0, rows[i].Label);
            Assert.AreEqual(rows[i].Label, known.Contains(Ids(rows[i])));
            Triple positive = Ids(rows[i - (i % 3)]), own = Ids(rows[i]);
            Assert.AreEqual(positive.Relation, own.Relation);
            Assert.IsTrue(positive.Head == own.Head || positive.Tail == own.Tail);
        }

        CollectionAssert.AreNotEqual(rows.Select(Ids).ToArray(), Read(Pipelines.Graph.ToDataView(split, 2, seed: 6)).Select(Ids).ToArray());
    }

    [TestMethod]
    public void Negatives_name_the_entity_that_they_replaced()
    {
        IDataView view = Pipelines.Graph.ToDataView(GraphSplit.Train, negativesPerPositive: 2);
        string[] heads = [.. view.GetColumn<string>("ReplacedHead")], tails = [.. view.GetColumn<string>("ReplacedTail")];
        Row[] rows = Read(view);
        for (int i = 0; i < rows.Length; i++)
        {
            (Row positive, Row own) = (rows[i - (i % 3)], rows[i]);
            Assert.AreEqual(own.Head == positive.Head ? "" : positive.Head, heads[i], $"{own.Head} {own.Relation} {own.Tail}");
            Assert.AreEqual(own.Tail == positive.Tail ? "" : positive.Tail, tails[i], $"{own.Head} {own.Relation} {own.Tail}");
        }

        Assert.IsNull(Pipelines.Graph.ToDataView(GraphSplit.Train).Schema.GetColumnOrNull("ReplacedHead"), "nothing is drawn");
    }

    [TestMethod]
    public void Labeled_triples_are_those_of_the_data()
    {
        Row[] rows = Read(Pipelines.Graph.ToLabeledDataView(GraphSplit.Test));
        CollectionAssert.AreEqual(Pipelines.Graph.Triples(GraphSplit.Test).ToArray(), rows.Where(row => row.Label).Select(Ids).ToArray());
        CollectionAssert.AreEqual(
            Pipelines.Graph.Negatives(GraphSplit.Test).ToArray(), rows.Where(row => !row.Label).Select(Ids).ToArray());
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => Pipelines.Graph.ToLabeledDataView(GraphSplit.Train)).Message,
            "no triples that are labeled false");
    }

    [TestMethod]
    public void Shuffled_and_parallel_cursors_give_the_same_rows()
    {
        IDataView view = Graphs.Random(entities: 50, relations: 3, triples: 3000).ToDataView(negativesPerPositive: 1);
        string[] expected = Rows(view.GetRowCursor(view.Schema));
        string[] shuffled = Rows(view.GetRowCursor(view.Schema, new Random(1)));
        CollectionAssert.AreEquivalent(expected, shuffled);
        CollectionAssert.AreNotEqual(expected, shuffled);
        DataViewRowCursor[] cursors = view.GetRowCursorSet(view.Schema, 3);
        Assert.HasCount(3, cursors);
        CollectionAssert.AreEquivalent(expected, cursors.SelectMany(Rows).ToArray());
        Assert.HasCount(6, view.GetRowCursorSet(view.Schema, 100), "a cursor without rows is not made");

        static string[] Rows(DataViewRowCursor cursor)
        {
            using (cursor)
            {
                (ReadOnlyMemory<char> head, ReadOnlyMemory<char> tail, bool label, DataViewRowId id) = (default, default, false, default);
                ValueGetter<ReadOnlyMemory<char>> heads = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["Head"]);
                ValueGetter<ReadOnlyMemory<char>> tails = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["Tail"]);
                ValueGetter<bool> labels = cursor.GetGetter<bool>(cursor.Schema["Label"]);
                ValueGetter<DataViewRowId> ids = cursor.GetIdGetter();
                List<string> rows = [];
                while (cursor.MoveNext())
                {
                    heads(ref head);
                    tails(ref tail);
                    labels(ref label);
                    ids(ref id);
                    rows.Add($"{id} {head} {tail} {label}");
                }

                return [.. rows];
            }
        }
    }

    [TestMethod]
    public void A_graph_comes_back_from_its_views()
    {
        KnowledgeGraph graph = Pipelines.Graph;
        KnowledgeGraph made = Ml.Data.CreateKnowledgeGraph(
            graph.ToDataView(), graph.ToLabeledDataView(GraphSplit.Validation), graph.ToLabeledDataView(GraphSplit.Test), addInverse: true);
        Assert.IsTrue(made.AddInverse);
        foreach (GraphSplit split in Enum.GetValues<GraphSplit>())
        {
            CollectionAssert.AreEqual(Names(graph, graph.Triples(split)), Names(made, made.Triples(split)));
            CollectionAssert.AreEqual(Names(graph, graph.Negatives(split)), Names(made, made.Negatives(split)));
        }
    }

    [TestMethod]
    public void Keys_name_entities_as_text_does_and_head_and_tail_share_a_vocabulary()
    {
        IDataView text = Pipelines.Graph.ToDataView();
        IDataView keys = Ml.Transforms.Conversion.MapValueToKey(
            [new("H", "Head"), new("R", "Relation"), new("T", "Tail")]).Fit(text).Transform(text);
        KnowledgeGraph fromText = Ml.Data.CreateKnowledgeGraph(text);
        KnowledgeGraph fromKeys = Ml.Data.CreateKnowledgeGraph(
            keys, columns: new TripleColumnNames { Head = "H", Relation = "R", Tail = "T" });
        Assert.AreEqual(Graphs.Describe(fromText), Graphs.Describe(fromKeys));
    }

    [TestMethod]
    public void Rows_without_a_name_and_wrong_columns_are_refused()
    {
        IDataView nameless = Ml.Data.LoadFromEnumerable(
            [new Row { Head = "a", Relation = "r", Tail = "b" }, new Row { Head = "a", Relation = "r" }]);
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => Ml.Data.CreateKnowledgeGraph(nameless)).Message,
            "Row 1 of the Train data has no name in column 'Tail'");
        var names = new TripleColumnNames { Head = "Subject" };
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Ml.Data.CreateKnowledgeGraph(nameless, columns: names)).Message,
            "Could not find head column 'Subject'");
    }

    [TestMethod]
    public void A_folder_is_read()
    {
        using TemporaryFolder folder = Graphs.OpenKe();
        KnowledgeGraph graph = Ml.Data.LoadKnowledgeGraph(folder.Path, addInverse: true);
        Assert.AreEqual(3, graph.Entities.Count);
        Assert.AreEqual(4, graph.EdgeRelationCount);
        Assert.ThrowsExactly<FileNotFoundException>(() => Ml.Data.LoadKnowledgeGraph(folder["nothing"]));
    }

    private static Row[] Read(IDataView view) => [.. Ml.Data.CreateEnumerable<Row>(view, reuseRowObject: false)];

    private static Triple Ids(Row row) =>
        new(
            Pipelines.Graph.Entities.GetId(row.Head), Pipelines.Graph.Relations.GetId(row.Relation),
            Pipelines.Graph.Entities.GetId(row.Tail));

    private static string[] Names(KnowledgeGraph graph, ReadOnlySpan<Triple> triples) =>
        [.. triples.ToArray().Select(triple => $"{graph.Entities[triple.Head]}|{graph.Relations[triple.Relation]}|{graph.Entities[triple.Tail]}")];

    private sealed class Row
    {
        public string Head { get; set; } = "";

        public string Relation { get; set; } = "";

        public string Tail { get; set; } = "";

        public bool Label { get; set; } = true;
    }
}
