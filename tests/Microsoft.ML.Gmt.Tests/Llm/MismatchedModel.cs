using System.Text.Json.Nodes;

namespace Microsoft.ML.Gmt.Tests.Llm;

/// <summary>The small LLaMA of the examples, with a tokenizer that has one token more than the model has rows.</summary>
internal static class MismatchedModel
{
    /// <summary>What the refusal says.</summary>
    public const string Message = "the tokenizer has ids up to 4096, the model's vocabulary ends at 4095";

    /// <summary>Writes it.</summary>
    /// <param name="folder">The folder, made if it does not exist.</param>
    /// <returns>The folder.</returns>
    public static string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Goldens.RepositoryRoot, "examples", "models", "tiny-llama")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        string path = Path.Combine(folder, "tokenizer.json");
        JsonNode tokenizer = JsonNode.Parse(File.ReadAllText(path))!;
        tokenizer["added_tokens"]!.AsArray().Add(new JsonObject { ["id"] = 4096, ["content"] = "<one too many>", ["special"] = true });
        File.WriteAllText(path, tokenizer.ToJsonString());
        return folder;
    }
}
