namespace Microsoft.ML.Gmt.Runtime;

/// <summary>The names of engines, as <c>GMT_COLLECTIVE</c> has them.</summary>
internal static class CollectiveEngines
{
    private static readonly string[] Names = [.. Enum.GetNames<CollectiveEngine>().Select(name => name.ToLowerInvariant())];

    /// <summary>The name of an engine.</summary>
    public static string Name(CollectiveEngine engine) => Names[(int)engine];

    /// <summary>The engine of a name; the first where it is empty.</summary>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static CollectiveEngine Named(string name) =>
        name.Length == 0 ? default : Array.IndexOf(Names, name) is >= 0 and int place ? (CollectiveEngine)place
        : throw new ArgumentException($"GMT_COLLECTIVE is '{name}'; managed, gloo, nccl or auto is expected.");
}
