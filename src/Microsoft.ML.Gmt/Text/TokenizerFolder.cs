namespace Microsoft.ML.Gmt.Text;

/// <summary>Loads the tokenizer of a language model from the model's folder, as Hugging Face lays it out.</summary>
public static class TokenizerFolder
{
    /// <summary>Loads a tokenizer.</summary>
    /// <param name="folder">
    /// A folder with <c>tokenizer.model</c> (sentencepiece, byte-pair encoding), and optionally <c>tokenizer_config.json</c> and
    /// <c>special_tokens_map.json</c>, which name the special tokens.
    /// </param>
    /// <returns>The tokenizer, which any number of threads may use.</returns>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="FileNotFoundException">The folder holds no tokenizer that is supported.</exception>
    /// <exception cref="TokenizerFileException">A file is malformed or asks for something that is not supported.</exception>
    public static TextTokenizer Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder '{folder}' to load a tokenizer from.");
        }

        string pieces = Path.Combine(folder, "tokenizer.model");
        return File.Exists(pieces)
            ? SentencePieceTokenizer.Load(pieces, TokenizerSettings.Read(folder))
            : throw new FileNotFoundException($"Folder '{folder}' has no tokenizer.model.", pieces);
    }
}
