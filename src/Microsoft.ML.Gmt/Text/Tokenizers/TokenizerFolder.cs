using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Loads the tokenizer of a language model from the model's folder, as Hugging Face lays it out.</summary>
public static class TokenizerFolder
{
    /// <summary>Loads a tokenizer.</summary>
    /// <param name="folder">
    /// A folder with <c>tokenizer.model</c> (sentencepiece, byte-pair encoding) or <c>tokenizer.json</c> (byte-pair encoding or word
    /// pieces), and optionally <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c>, which name the special tokens. Where both
    /// tokenizers are there, <c>tokenizer.model</c> counts: it is the original, and gives what transformers' <c>LlamaTokenizer</c> gives.
    /// Where there is neither, nor a <c>config.json</c>, that of a GGUF file (byte-level byte-pair encoding, split as for SmolLM or GPT-2).
    /// </param>
    /// <returns>The tokenizer, which any number of threads may use.</returns>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no tokenizer that is supported.</exception>
    /// <exception cref="NotSupportedException">A GGUF file's tokenizer is of another kind.</exception>
    /// <exception cref="GmtFileException">A file is malformed or asks for something that is not supported.</exception>
    /// <example>
    /// <code>
    /// TextTokenizer tokenizer = TokenizerFolder.Load("models/tiny-llama");
    /// IReadOnlyList&lt;int> ids = tokenizer.Encode("Bern is the capital of Switzerland.");
    /// Console.WriteLine($"{ids.Count} tokens: {tokenizer.Decode(ids)}");
    /// </code>
    /// </example>
    public static TextTokenizer Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}' to load a tokenizer from.");
        }

        string json = Path.Combine(folder, "tokenizer.json");
        string pieces = Path.Combine(folder, "tokenizer.model");
        TokenizerSettings settings = TokenizerSettings.Read(folder);
        return File.Exists(pieces) && LooksLikeSentencePiece(pieces) ? SentencePieceTokenizer.Load(pieces, settings)
            : File.Exists(json) ? JsonTokenizer.Load(json, settings)
            : GgufInFolder.Find(folder) is { } gguf ? GgufTokenizer.Load(gguf)
            : throw new FileNotFoundException(
                $"Folder '{folder}' has neither tokenizer.json nor tokenizer.model in sentencepiece's format.{Hint(folder, pieces)}", json);
    }

    private static string Hint(string folder, string pieces) =>
        File.Exists(pieces) && MistakenFile.Recognize(MistakenFile.Head(pieces)) is { } mistake
            ? $" {pieces}: {mistake.Problem} {mistake.Remedy}"
            : ModelFolderContents.Hint(folder);

    // LLaMA 3 has a tokenizer.model too, which is a text file of another library; a sentencepiece model begins with the field of its first
    // piece.
    private static bool LooksLikeSentencePiece(string path)
    {
        MistakenFile.ThrowIfBrokenLink(path);
        using FileStream stream = File.OpenRead(path);
        return stream.ReadByte() == 0x0A;
    }
}
