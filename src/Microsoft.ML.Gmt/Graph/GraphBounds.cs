namespace Microsoft.ML.Gmt.Graph;

/// <summary>How many entities and relations there are, so which ids may occur; the one place that says that an id may not.</summary>
internal readonly record struct GraphBounds(int Entities, int Relations)
{
    public bool Contains(Triple triple) =>
        (uint)triple.Head < (uint)Entities && (uint)triple.Tail < (uint)Entities && (uint)triple.Relation < (uint)Relations;

    public void Check(Triple triple, string parameter)
    {
        if (!Contains(triple))
        {
            throw OutOfRange(triple, parameter, $"The triple ({triple.Head}, {triple.Relation}, {triple.Tail}) is not of this graph");
        }
    }

    public void CheckEntity(int entity, string parameter)
    {
        if ((uint)entity >= (uint)Entities)
        {
            throw OutOfRange(entity, parameter, $"There is no entity {entity}");
        }
    }

    public void CheckRelation(int relation, string parameter)
    {
        if ((uint)relation >= (uint)Relations)
        {
            throw OutOfRange(relation, parameter, $"There is no relation {relation}");
        }
    }

    public override string ToString() => $"{Entities} entities and {Relations} relations";

    private ArgumentOutOfRangeException OutOfRange(object value, string parameter, string problem) =>
        new(parameter, value, $"{problem}: the graph has {this}, with ids from 0.");
}
