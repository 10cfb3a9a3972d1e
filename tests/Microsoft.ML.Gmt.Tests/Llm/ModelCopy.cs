using System.Text.Json.Nodes;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Llm;

/// <summary>Copies of a model folder, of the small LLaMA of the examples for the most part.</summary>
internal static class ModelCopy
{
    /// <summary>Writes one.</summary>
    /// <param name="folder">The folder, made if it does not exist.</param>
    /// <param name="source">The model; null for the small LLaMA.</param>
    /// <returns>The folder.</returns>
    public static string Write(string folder, string? source = null)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(source ?? GmtPipelines.BaseModel))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        return folder;
    }

    /// <summary>Writes the small LLaMA with a changed tokenizer.</summary>
    /// <param name="folder">The folder, made if it does not exist.</param>
    /// <param name="change">Changes <c>tokenizer.json</c>.</param>
    /// <returns>The folder.</returns>
    public static string Write(string folder, Action<JsonNode> change)
    {
        Write(folder);
        string path = Path.Combine(folder, "tokenizer.json");
        JsonNode tokenizer = JsonNode.Parse(File.ReadAllText(path))!;
        change(tokenizer);
        File.WriteAllText(path, tokenizer.ToJsonString());
        return folder;
    }
}
