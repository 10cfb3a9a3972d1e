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
        using DataViewRowCursor cursor = ranks.GetRowCursor([relation, side, .. numbers]);
        Func<string> readRelation = ValueText.NewReader(cursor, "relation", relation);
        Func<RankSide> readSide = ValueText.NewSideReader(cursor, side);
        Func<int>[] read = Array.ConvertAll(numbers, number => NewReader(cursor, number));
        List<RankedQuery> queries = [];
        while (cursor.MoveNext())
        {
            queries.Add(new RankedQuery(readRelation(), readSide(), EntityRank.FromRanks(read[0](), read[1](), read[2]())));
        }

        return queries;
    }

    private static DataViewSchema.Column Find(DataViewSchema schema, string role, string name) =>
        schema.GetColumnOrNull(name) ?? throw SchemaErrors.Missing("ranks", role, name);

    private static Func<int> NewReader(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<int> getter = column.Type is NumberDataViewType && column.Type.RawType == typeof(int)
            ? row.GetGetter<int>(column)
            : throw SchemaErrors.Mismatch("ranks", "rank", column.Name, "Int32", $"{column.Type}");
        int value = 0;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }
}
