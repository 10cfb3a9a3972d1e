using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt;

/// <summary>
/// The annotation that stage 1 adds to the columns of names: the module and the mask of its evidence. A cache or a shuffle keeps columns of
/// ML.NET's own types only and drops <see cref="GraphEvidence"/>, but keeps names with their annotations: from these stage 2 finds the
/// evidence again.
/// </summary>
internal static class EvidenceAnnotation
{
    private const string Name = "GraphEvidence";

    /// <summary>The annotations of the columns that name triples, with the note.</summary>
    /// <param name="schema">The rows' schema.</param>
    /// <param name="names">The columns.</param>
    /// <param name="evidence">Of no triple.</param>
    public static Dictionary<int, DataViewSchema.Annotations> Of(DataViewSchema schema, TripleColumnNames names, GraphEvidence evidence)
    {
        var annotated = new Dictionary<int, DataViewSchema.Annotations>();
        foreach (string name in All(names))
        {
            if (schema.GetColumnOrNull(name) is { } column)
            {
                var annotations = new DataViewSchema.Annotations.Builder();
                annotations.Add(column.Annotations, annotation => annotation != Name);
                AddTo(annotations, evidence);
                annotated[column.Index] = annotations.ToAnnotations();
            }
        }

        return annotated;
    }

    /// <summary>The columns that name triples in a schema that is not at hand yet, with the note.</summary>
    public static IEnumerable<DataViewSchema.DetachedColumn> Of(SchemaShape shape, TripleColumnNames names)
    {
        foreach (SchemaShape.Column column in shape.Where(column => All(names).Contains(column.Name)))
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            if (column.IsKey)
            {
                var texts = new VectorDataViewType(TextDataViewType.Instance, 1);
                annotations.Add("KeyValues", texts, static (ref VBuffer<ReadOnlyMemory<char>> _) => { });
            }

            AddTo(annotations, null);
            DataViewType type = column.IsKey ? new KeyDataViewType(column.ItemType.RawType, 1) : column.ItemType;
            yield return new DataViewSchema.DetachedColumn(column.Name, type, annotations.ToAnnotations());
        }
    }

    /// <summary>Whether a schema that is not at hand yet will have the note.</summary>
    public static bool IsIn(SchemaShape shape, TripleColumnNames names) =>
        shape.Any(column => All(names).Contains(column.Name) && column.Annotations.Any(annotation => annotation.Name == Name));

    /// <summary>The evidence that is noted, of no triple; null where there is none.</summary>
    /// <param name="schema">The rows' schema.</param>
    /// <param name="names">The columns that stage 2 reads.</param>
    /// <exception cref="InvalidOperationException">Columns have notes of several modules or masks.</exception>
    public static GraphEvidence? Find(DataViewSchema schema, TripleColumnNames names)
    {
        GraphEvidence? first = null;
        foreach (string name in All(names))
        {
            if (schema.GetColumnOrNull(name) is not { } column || column.Annotations.Schema.GetColumnOrNull(Name) is null)
            {
                continue;
            }

            GraphEvidence evidence = null!;
            column.Annotations.GetValue(Name, ref evidence);
            first ??= evidence;
            if (!evidence.IsOfSame(first))
            {
                throw new InvalidOperationException(
                    $"The evidence column was lost, as in a cache, and the column '{column.Name}' comes from another graph module "
                    + "or mask than others do. Transform all names by one stage-1 transformer.");
            }
        }

        return first;
    }

    private static string[] All(TripleColumnNames names) => [names.Head, names.Relation, names.Tail];

    private static void AddTo(DataViewSchema.Annotations.Builder annotations, GraphEvidence? evidence) =>
        annotations.Add(Name, GraphEvidenceDataViewType.Instance, (ref GraphEvidence value) => value = evidence!);
}
