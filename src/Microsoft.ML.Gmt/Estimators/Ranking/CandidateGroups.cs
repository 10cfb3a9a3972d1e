using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Evaluation;

namespace Microsoft.ML.Gmt;

/// <summary>Ranks the true rows among the candidates of their group.</summary>
internal sealed class CandidateGroups
{
    private readonly Dictionary<string, List<Candidate>> _groups = new(StringComparer.Ordinal);

    /// <summary>Groups without a true row, which give no rank.</summary>
    public int WithoutAnswer => _groups.Values.Count(group => !group.Exists(candidate => candidate.IsTrue));

    /// <summary>Candidates whose score is not a number, as of rows with unknown names.</summary>
    public int WithoutScore => _groups.Values.Sum(group => group.Count(candidate => float.IsNaN(candidate.Score)));

    /// <summary>Reads all rows; those of a group need not stand together.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a wrong type.</exception>
    public static CandidateGroups Read(IDataView data, CandidateColumnNames names)
    {
        DataViewSchema.Column Find(string role, string name) =>
            data.Schema.GetColumnOrNull(name) ?? throw SchemaErrors.Missing(nameof(data), role, name);
        DataViewSchema.Column label = Find("label", names.Label), group = Find("group", names.Group), score = Find("score", names.Score);
        DataViewSchema.Column? relation = names.Relation is { } relationName ? Find("relation", relationName) : null;
        DataViewSchema.Column? side = names.Side is { } sideName ? Find("side", sideName) : null;
        DataViewSchema.Column[] columns = [.. new DataViewSchema.Column?[] { label, group, score, relation, side }.OfType<DataViewSchema.Column>().DistinctBy(column => column.Index)];
        var groups = new CandidateGroups();
        using DataViewRowCursor cursor = data.GetRowCursor(columns);
        Func<string> readGroup = ValueText.NewReader(cursor, "group", group);
        Func<string> readRelation = relation is { } named ? ValueText.NewReader(cursor, "relation", named) : () => "";
        Func<RankSide> readSide = NewSideReader(cursor, side);
        Func<bool> isTrue = NewLabelReader(cursor, label);
        Func<float> readScore = NewScoreReader(cursor, score);
        while (cursor.MoveNext())
        {
            string key = readGroup();
            if (!groups._groups.TryGetValue(key, out List<Candidate>? candidates))
            {
                groups._groups.Add(key, candidates = []);
            }

            candidates.Add(new Candidate(readScore(), isTrue(), readRelation(), readSide()));
        }

        return groups;
    }

    /// <summary>A rank for each true row; the other true rows of its group are no candidates, as in filtered ranking.</summary>
    public IEnumerable<RankedQuery> Ranks()
    {
        foreach (List<Candidate> group in _groups.Values)
        {
            float[] wrong = [.. group.Where(candidate => !candidate.IsTrue).Select(candidate => candidate.Score)];
            foreach (Candidate answer in group.Where(candidate => candidate.IsTrue))
            {
                // What is not a number equals nothing and counts as higher than everything.
                int higher = float.IsNaN(answer.Score) ? wrong.Length : wrong.Count(score => !(score <= answer.Score));
                yield return new RankedQuery(
                    answer.Relation, answer.Side, new EntityRank(higher, wrong.Count(score => score == answer.Score), wrong.Length + 1));
            }
        }
    }

    private static Func<bool> NewLabelReader(DataViewRow row, DataViewSchema.Column label)
    {
        if (label.Type is BooleanDataViewType)
        {
            return LabelColumn.NewReader(row, label);
        }

        Func<float> relevance = label.Type is NumberDataViewType && label.Type.RawType == typeof(float)
            ? NewScoreReader(row, label)
            : throw SchemaErrors.Mismatch("data", "label", label.Name, "Boolean or Single", $"{label.Type}");
        return () => relevance() > 0;
    }

    private static Func<float> NewScoreReader(DataViewRow row, DataViewSchema.Column score)
    {
        ValueGetter<float> getter = score.Type.RawType == typeof(float)
            ? row.GetGetter<float>(score)
            : throw SchemaErrors.Mismatch("data", "score", score.Name, "Single", $"{score.Type}");
        float value = 0;
        return () =>
        {
            getter(ref value);
            return value;
        };
    }

    private static Func<RankSide> NewSideReader(DataViewRow row, DataViewSchema.Column? side)
    {
        if (side is not { } column)
        {
            return () => RankSide.Tail;
        }

        return ValueText.NewSideReader(row, column);
    }

    private readonly record struct Candidate(float Score, bool IsTrue, string Relation, RankSide Side);
}

/// <summary>The columns of candidates; relation and side may be null.</summary>
internal sealed record CandidateColumnNames(string Label, string Group, string Score, string? Relation, string? Side);
