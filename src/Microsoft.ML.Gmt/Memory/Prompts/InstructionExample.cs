using System.Text.Json;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>One question about a triple, as text, and its answer.</summary>
/// <param name="Instruction">What to do.</param>
/// <param name="Input">What to do it with; may be empty.</param>
/// <param name="Output">The answer that the model should write; empty where none is known.</param>
/// <param name="Triple">The triple whose evidence the model reads, by the ids of the graph.</param>
internal sealed record InstructionExample(string Instruction, string Input, string Output, Triple Triple)
{
    /// <summary>The true triple that a negative was drawn from, which is hidden from its evidence; null: the triple itself is.</summary>
    public Triple? Hidden { get; init; }

    /// <summary>The row's features, for a model that reads some; NaN is missing. Null where none were read.</summary>
    public float[]? Features { get; init; }

    /// <summary>The triple, and what is hidden from its evidence.</summary>
    public TripleQuery Query => new(Triple, Hidden ?? Triple);

    /// <summary>
    /// The row as it stands in its file, where candidates and true answers of a link prediction are read from; null where it was not
    /// asked for, or there is no file.
    /// </summary>
    public JsonElement? Json { get; init; }
}
