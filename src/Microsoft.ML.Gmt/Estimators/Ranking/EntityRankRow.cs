namespace Microsoft.ML.Gmt;

/// <summary>The rank of one question of link prediction, as a row of a data view.</summary>
public sealed class EntityRankRow
{
    /// <summary>Name of the head.</summary>
    public string Head { get; set; } = "";

    /// <summary>Name of the relation.</summary>
    public string Relation { get; set; } = "";

    /// <summary>Name of the tail.</summary>
    public string Tail { get; set; } = "";

    /// <summary>What was sought: <c>Head</c> or <c>Tail</c>.</summary>
    public string Side { get; set; } = "";

    /// <summary>The rank, from 1, where the true entity is put before those with the same score.</summary>
    public int OptimisticRank { get; set; }

    /// <summary>The mean of both, the expected rank if equals are shuffled.</summary>
    public double RealisticRank { get; set; }

    /// <summary>The rank, from 1, where the true entity is put after those with the same score.</summary>
    public int PessimisticRank { get; set; }

    /// <summary>How many entities were ranked, the true one included.</summary>
    public int Candidates { get; set; }

    /// <summary>Whether another training triple of the graph has this head and relation, the half-link (h, r).</summary>
    public bool HeadRelationSeen { get; set; }

    /// <summary>Whether another training triple of the graph has this relation and tail, the half-link (r, t).</summary>
    public bool RelationTailSeen { get; set; }
}
