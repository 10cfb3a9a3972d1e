using Microsoft.ML;
using Microsoft.ML.Gmt.Graph;

namespace Benchmarks.Accuracy;

/// <summary>
/// The labeled triples of a graph: those of the validation split, from which all is learned and by which all is chosen, then those of the
/// test split; of both the true ones first.
/// </summary>
internal sealed class LabeledRows
{
    public LabeledRows(string name, KnowledgeGraph graph)
    {
        (Name, Graph) = (name, graph);
        Triple[] validation = [.. graph.Triples(GraphSplit.Validation), .. graph.Negatives(GraphSplit.Validation)];
        Triple[] test = [.. graph.Triples(GraphSplit.Test), .. graph.Negatives(GraphSplit.Test)];
        Triples = [.. validation, .. test];
        ValidationCount = validation.Length;
        Labels =
        [
            .. validation.Select((_, i) => i < graph.Triples(GraphSplit.Validation).Length),
            .. test.Select((_, i) => i < graph.Triples(GraphSplit.Test).Length),
        ];
        Validation = [.. Enumerable.Range(0, ValidationCount)];
        Test = [.. Enumerable.Range(ValidationCount, test.Length)];
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
    public IReadOnlyList<IDataView> Views() =>
        [Graph.ToLabeledDataView(GraphSplit.Validation), Graph.ToLabeledDataView(GraphSplit.Test)];

    /// <summary>
    /// Which of five folds each validation row is in, at random: rows of one question (h, r) stay together, as a row's rival tells much of
    /// it.
    /// </summary>
    public int[] Folds(int seed) => Array.ConvertAll(
        Validation, row => (int)(Mixed(Triples[row].Head, Triples[row].Relation, seed) % FoldCount));

    public const int FoldCount = 5;

    private static uint Mixed(int head, int relation, int seed)
    {
        ulong z = ((ulong)(uint)head << 32 | (uint)relation) + (0x9E3779B97F4A7C15UL * (ulong)(uint)(seed + 1));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (uint)(z >> 33);
    }
}
