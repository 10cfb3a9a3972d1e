using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt;

/// <summary>Reads the ranks of a data view.</summary>
internal static class RankColumns
{
    private static readonly string[] Numbers =
        [nameof(EntityRankRow.OptimisticRank), nameof(EntityRankRow.PessimisticRank), nameof(EntityRankRow.Candidates)];

    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a wrong type.</exception>
    public static List<RankedQuery> Read(IDataView ranks)
    {
        DataViewSchema.Column relation = Find(ranks.Schema, "relation", nameof(EntityRankRow.Relation));
        DataViewSchema.Column side = Find(ranks.Schema, "side", nameof(EntityRankRow.Side));
        DataViewSchema.Column[] numbers = Array.ConvertAll(Numbers, name => Find(ranks.Schema, "rank", name));
        DataViewSchema.Column[] halves = HalfLinkColumns(ranks.Schema);
        using DataViewRowCursor cursor = ranks.GetRowCursor([relation, side, .. numbers, .. halves]);
        Func<string> readRelation = ValueText.NewReader(cursor, "relation", relation);
        Func<RankSide> readSide = ValueText.NewSideReader(cursor, side);
        Func<int>[] read = Array.ConvertAll(numbers, number => NewReader<int>(cursor, number, "Int32"));
        Func<bool>[] readHalves = Array.ConvertAll(halves, half => NewReader<bool>(cursor, half, "Boolean"));
        List<RankedQuery> queries = [];
        while (cursor.MoveNext())
        {
            HalfLinks? seen = readHalves.Length == 0 ? null
                : (readHalves[0]() ? HalfLinks.HeadRelation : HalfLinks.None) | (readHalves[1]() ? HalfLinks.RelationTail : HalfLinks.None);
            queries.Add(new RankedQuery(readRelation(), readSide(), EntityRank.FromRanks(read[0](), read[1](), read[2]()), seen));
        }

        return queries;
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw SchemaErrors.Missing("ranks", role, name);

    /// <summary>Both or none: ranks may come from elsewhere, without a graph to look half-links up in.</summary>
    private static DataViewSchema.Column[] HalfLinkColumns(DataViewSchema schema) =>
        (schema.GetColumnOrNull(nameof(EntityRankRow.HeadRelationSeen)), schema.GetColumnOrNull(nameof(EntityRankRow.RelationTailSeen)))
            is ({ } ofHead, { } ofTail) ? [ofHead, ofTail] : [];

    private static Func<T> NewReader<T>(DataViewRow row, DataViewSchema.Column column, string expected)
        where T : unmanaged
    {
        ValueGetter<T> getter = column.Type is PrimitiveDataViewType and not KeyDataViewType && column.Type.RawType == typeof(T)
            ? row.GetGetter<T>(column)
            : throw SchemaErrors.Mismatch("ranks", "rank", column.Name, expected, $"{column.Type}");
        T value = default;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }
}
