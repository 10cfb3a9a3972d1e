namespace Examples.PathModel;

/// <summary>What subgraphs are drawn; ranges are of log-uniform draws where nothing else is said.</summary>
internal sealed record SamplerOptions
{
    public int FewestEntities { get; init; } = 200;

    public int MostEntities { get; init; } = 2000;

    public int FewestNeighbors { get; init; } = 6;

    public int MostNeighbors { get; init; } = 96;

    public int FewestRelations { get; init; } = 10;

    public int MostRelations { get; init; } = 100;

    public int MostFacts { get; init; } = 16_000;

    /// <summary>The least share of facts that is kept; uniform up to 1.</summary>
    public double LeastShare { get; init; } = .7;

    public double LeastHeldOut { get; init; } = .04;

    public double MostHeldOut { get; init; } = .2;

    /// <summary>Whether relations are turned around, each with a chance of one half.</summary>
    public bool TurnsRelations { get; init; } = true;
}
