namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Names with values that must be equal in all ranks: as bytes, and compared in words.</summary>
internal static class NamedParts
{
    private const int MostParts = 10_000, MostNamed = 5;

    /// <summary>The parts as bytes.</summary>
    public static void Write(BinaryWriter writer, IReadOnlyList<(string Name, string Value)> parts)
    {
        writer.Write(parts.Count);
        foreach ((string name, string value) in parts)
        {
            writer.Write(name);
            writer.Write(value);
        }
    }

    /// <summary>The parts of <see cref="Write"/>.</summary>
    /// <exception cref="IOException">The bytes are none of it.</exception>
    public static IReadOnlyList<(string Name, string Value)> Read(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        if (count is < 0 or > MostParts)
        {
            throw new IOException("What came over the connection is no list of parts.");
        }

        List<(string Name, string Value)> parts = [];
        for (int part = 0; part < count; part++)
        {
            parts.Add((reader.ReadString(), reader.ReadString()));
        }

        return parts;
    }

    /// <summary>What differs between rank 0 and another, as a sentence; null where nothing does.</summary>
    public static string? Difference(
        int rank, IReadOnlyList<(string Name, string Value)> first, IReadOnlyList<(string Name, string Value)> other)
    {
        Dictionary<string, string> here = first.ToDictionary(part => part.Name, part => part.Value),
            there = other.ToDictionary(part => part.Name, part => part.Value);
        string[] differences =
        [
            .. here.Keys.Union(there.Keys).Where(name => here.GetValueOrDefault(name) != there.GetValueOrDefault(name))
                .Select(name => $"{name} is {Value(there, name)} there and {Value(here, name)} on rank 0"),
        ];
        string more = differences.Length > MostNamed ? $"; and {differences.Length - MostNamed} more" : "";
        return differences.Length == 0 ? null
            : $"rank {rank} cannot take part: {string.Join("; ", differences.Take(MostNamed))}{more}. "
            + "Start all ranks with the same program, options and data.";
    }

    private static string Value(Dictionary<string, string> parts, string name) => parts.GetValueOrDefault(name, "absent");
}
