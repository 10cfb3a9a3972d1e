using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>What a training run hid of a triple from its own evidence, as the configuration files of folders record it.</summary>
internal static class RecordedMask
{
    /// <summary>Whether the edges that state a triple were hidden: an argument of the reference's second stage.</summary>
    public const string Edges = "mask_query";

    /// <summary>Whether the neighbors' contexts were masked as well: an entry that the reference does not know and passes over.</summary>
    public const string Contexts = "mask_query_in_contexts";

    /// <summary>What a folder calls a training run whose mask it does not record.</summary>
    public const string Missing =
        "records no mask, so its training run counts as unmasked: triples of the graph were seen with the edges that state them";

    /// <summary>The mask; null where the folder records none.</summary>
    public static QueryMask? Of(PythonArguments arguments) => !arguments.Contains(Edges) ? null
        : new(Edges: arguments.Get(Edges, otherwise: false), Contexts: arguments.Get(Contexts, otherwise: false));

    /// <summary>The entries of a mask.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>> Entries(QueryMask mask) =>
        [new(Edges, mask.Edges), new(Contexts, mask.Contexts)];
}
