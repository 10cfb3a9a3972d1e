using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;

namespace Benchmarks.Accuracy;

/// <summary>
/// The labeled triples of a graph: those of the validation split, from which all is learned and by which all is chosen, then those of the
/// test split.
/// </summary>
internal sealed class LabeledRows
{
    private readonly IDataView[] _views;

    /// <param name="name">What the graph is called.</param>
    /// <param name="graph">The graph; a split without triples that are labeled false gets a typed negative for each fact.</param>
    public LabeledRows(string name, KnowledgeGraph graph)
    {
        (Name, Graph) = (name, graph);
        _views =
        [
            .. new[] { GraphSplit.Validation, GraphSplit.Test }.Select(split => graph.Negatives(split).IsEmpty
                ? graph.ToDataView(split, negativesPerPositive: 1, seed: 1)
                : graph.ToLabeledDataView(split)),
        ];
        Triples = [.. _views.SelectMany(view => Texts(view, "Head").Zip(Texts(view, "Relation"), Texts(view, "Tail")))
            .Select(names => graph.GetTriple(names.First, names.Second, names.Third))];
        Labels = [.. _views.SelectMany(view => view.GetColumn<bool>("Label"))];
        ValidationCount = (int)_views[0].GetRowCount()!.Value;
        Validation = [.. Enumerable.Range(0, ValidationCount)];
        Test = [.. Enumerable.Range(ValidationCount, Triples.Length - ValidationCount)];
    }

    public string Name { get; }

    public KnowledgeGraph Graph { get; }

    public Triple[] Triples { get; }

    public bool[] Labels { get; }

    public int ValidationCount { get; }

    /// <summary>The places of validation rows.</summary>
    public int[] Validation { get; }

    /// <summary>The places of test rows.</summary>
    public int[] Test { get; }

    public string Relation(int row) => Graph.Relations[Triples[row].Relation];

    /// <summary>All rows, as the library reads them.</summary>
    public IReadOnlyList<IDataView> Views() => _views;

    /// <summary>
    /// Which of five folds each validation row is in, at random: rows of one question (h, r) stay together, as a row's rival tells much of
    /// it.
    /// </summary>
    public int[] Folds(int seed) => Array.ConvertAll(
        Validation, row => (int)(Mixed(Triples[row].Head, Triples[row].Relation, seed) % FoldCount));

    public const int FoldCount = 5;

    private static IEnumerable<string> Texts(IDataView view, string column) => view.GetColumn<string>(column);

    private static uint Mixed(int head, int relation, int seed)
    {
        ulong z = ((ulong)(uint)head << 32 | (uint)relation) + (0x9E3779B97F4A7C15UL * (ulong)(uint)(seed + 1));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (uint)(z >> 33);
    }
}
