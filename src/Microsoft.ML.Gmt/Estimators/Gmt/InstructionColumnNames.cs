namespace Microsoft.ML.Gmt;

/// <summary>The text columns of questions with words of their own.</summary>
public sealed record InstructionColumnNames
{
    /// <summary>What the language model is asked: text; <c>Instruction</c>.</summary>
    public string Instruction { get; init; } = "Instruction";

    /// <summary>
    /// What it is asked about, text that the prompt template puts apart from the instruction; <c>Input</c>. Null, or data without this
    /// column: nothing.
    /// </summary>
    public string? Input { get; init; } = "Input";

    /// <summary>The answer that it should write: text; <c>Response</c>. It is used in training only.</summary>
    public string Response { get; init; } = "Response";

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(Instruction);
        ArgumentException.ThrowIfNullOrEmpty(Response);
    }
}
