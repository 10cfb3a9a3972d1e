namespace Microsoft.ML.Gmt.Tests.Llm;

/// <summary>The small LLaMA of the examples, with a tokenizer whose vocabulary has one token more than the model has rows.</summary>
internal static class MismatchedModel
{
    /// <summary>What the refusal says.</summary>
    public const string Message = "the tokenizer has ids up to 4096, the model's vocabulary ends at 4095";

    /// <summary>Writes it.</summary>
    /// <param name="folder">The folder, made if it does not exist.</param>
    /// <returns>The folder.</returns>
    public static string Write(string folder) => ModelCopy.Write(folder, tokenizer => tokenizer["model"]!["vocab"]!["onetoomany"] = 4096);
}
