using System.Text.Json.Nodes;

namespace Microsoft.ML.Gmt.Tests.Llm;

/// <summary>The small LLaMA of the examples with a changed tokenizer.</summary>
internal static class ModelCopy
{
    /// <summary>Writes it.</summary>
    /// <param name="folder">The folder, made if it does not exist.</param>
    /// <param name="change">Changes <c>tokenizer.json</c>.</param>
    /// <returns>The folder.</returns>
    public static string Write(string folder, Action<JsonNode> change)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Goldens.RepositoryRoot, "examples", "models", "tiny-llama")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        string path = Path.Combine(folder, "tokenizer.json");
        JsonNode tokenizer = JsonNode.Parse(File.ReadAllText(path))!;
        change(tokenizer);
        File.WriteAllText(path, tokenizer.ToJsonString());
        return folder;
    }
}
