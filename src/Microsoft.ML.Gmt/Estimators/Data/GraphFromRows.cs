using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt;

/// <summary>Makes a graph of the rows of data views.</summary>
internal static class GraphFromRows
{
    /// <summary>True rows become triples, false ones labeled negatives; names get ids in the order in which they come.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a wrong type.</exception>
    /// <exception cref="InvalidOperationException">A row lacks a name.</exception>
    public static KnowledgeGraph Read(IDataView train, IDataView? validation, IDataView? test, TripleColumnNames names, bool addInverse)
    {
        var builder = new KnowledgeGraphBuilder();
        foreach ((IDataView? data, GraphSplit split) in new[] { (train, GraphSplit.Train), (validation, GraphSplit.Validation), (test, GraphSplit.Test) })
        {
            if (data is not null)
            {
                Add(builder, data, split, names);
            }
        }

        return builder.Build(addInverse);
    }

    private static void Add(KnowledgeGraphBuilder builder, IDataView data, GraphSplit split, TripleColumnNames names)
    {
        long row = 0;
        foreach ((ReadOnlyMemory<char> head, ReadOnlyMemory<char> relation, ReadOnlyMemory<char> tail, bool label) in LabeledTriples.ReadNames(data, names))
        {
            if (head.IsEmpty || relation.IsEmpty || tail.IsEmpty)
            {
                string column = head.IsEmpty ? names.Head : relation.IsEmpty ? names.Relation : names.Tail;
                throw new InvalidOperationException(
                    $"Row {row} of the {split} data has no name in column '{column}': a graph cannot be made of it. Filter such rows out.");
            }

            builder.Add(head.Span, relation.Span, tail.Span, split, label);
            row++;
        }
    }
}
