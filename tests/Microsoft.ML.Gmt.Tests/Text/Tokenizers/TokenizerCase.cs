using System.Text.Json;

namespace Microsoft.ML.Gmt.Tests.Text;

/// <summary>One recorded text or id sequence with what a real tokenizer makes of it; a null is not part of the case.</summary>
internal sealed record TokenizerCase(
    string Where, string? Text, int[]? Ids, int[]? PlainIds, int[]? DecodedIds, string? Decoded, string? DecodedWithoutSpecial)
{
    /// <summary>What <c>tokenizer.json</c> gives: the main columns.</summary>
    public static IEnumerable<TokenizerCase> OfJson(string folder) => Read(folder, (row, where) =>
    {
        // A row without a text is for decoding only.
        string? text = GetText(row, "text");
        int[]? ids = GetIds(row, "ids");
        return new TokenizerCase(
            where, text, text is null ? null : ids, GetIds(row, "ids_plain"), ids, GetText(row, "decode"),
            GetText(row, "decode_skip_special"));
    });

    /// <summary>Whether a folder has a <c>tokenizer.model</c> and says what LlamaTokenizer makes of it.</summary>
    public static bool HasSentencePiece(string folder) => File.Exists(Path.Combine(folder, "tokenizer.model"))
        && Read(folder, (row, _) => row.TryGetProperty("slow_legacy", out JsonElement _)).First();

    /// <summary>What transformers' LlamaTokenizer makes of <c>tokenizer.model</c>: the columns <c>slow_legacy</c>.</summary>
    public static IEnumerable<TokenizerCase> OfSentencePiece(string folder) => Read(folder, (row, where) =>
    {
        JsonElement slow = row.GetProperty("slow_legacy");
        if (slow.ValueKind != JsonValueKind.Object)
        {
            return new TokenizerCase(
                where, null, null, null, GetIds(row, "ids"), slow.GetString(), GetText(row, "slow_legacy_skip_special"));
        }

        int[]? ids = GetIds(slow, "ids");
        return new TokenizerCase(
            where, GetText(row, "text"), ids, null, ids, GetText(slow, "decode"), GetText(slow, "decode_skip_special"));
    });

    private static IEnumerable<T> Read<T>(string folder, Func<JsonElement, string, T> read)
    {
        foreach (string name in new[] { "cases.jsonl", "decode.jsonl" })
        {
            int line = 0;
            foreach (string json in File.ReadLines(Path.Combine(folder, name)))
            {
                line++;
                yield return read(JsonDocument.Parse(json).RootElement, $"{Path.GetFileName(folder)}/{name}:{line}");
            }
        }
    }

    private static string? GetText(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static int[]? GetIds(JsonElement row, string name) =>
        row.TryGetProperty(name, out JsonElement value) ? [.. value.EnumerateArray().Select(id => id.GetInt32())] : null;
}
