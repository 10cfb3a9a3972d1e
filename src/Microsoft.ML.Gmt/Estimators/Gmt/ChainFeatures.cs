using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt;

/// <summary>Features of triples for a model that reads some, from the transformers that stand before it in its chain.</summary>
/// <param name="before">The transformers before the model, in their order.</param>
/// <param name="settings">The model's settings.</param>
/// <param name="graph">The model's graph.</param>
internal sealed class ChainFeatures(IReadOnlyList<ITransformer> before, GmtTransformerSettings settings, KnowledgeGraph graph)
{
    /// <summary>The features of triples, as the chain computes them from their names.</summary>
    /// <exception cref="NotSupportedException">The chain does not make the column of names alone.</exception>
    public IReadOnlyList<float[]> Of(IReadOnlyList<Triple> triples)
    {
        FeatureSettings features = settings.Features!;
        IDataView rows = new TripleDataView(new GivenTripleRows(graph, triples));
        FeatureColumn column;
        try
        {
            rows = before.Aggregate(rows, (view, transformer) => transformer.Transform(view));
            column = FeatureColumn.Find(rows.Schema, features.ColumnName, features.Scaling);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new NotSupportedException(
                $"The model reads the column '{features.ColumnName}', which its transformers do not make of the names of a triple alone. "
                + "Load it by ml.Model.Load in a program, and transform rows that have what is missing.", e);
        }

        List<float[]> values = [];
        using DataViewRowCursor cursor = rows.GetRowCursor([column.Column]);
        Func<float[]> read = column.NewReader(cursor);
        while (cursor.MoveNext())
        {
            values.Add(read());
        }

        return values;
    }

    private sealed class GivenTripleRows(KnowledgeGraph graph, IReadOnlyList<Triple> triples) : TripleRows(graph, triples.Count)
    {
        public override (Triple Triple, bool Label, Triple? DrawnFrom) this[long row] => (triples[(int)row], true, null);
    }
}
