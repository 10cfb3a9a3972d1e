using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Says what a language model's folder holds: configuration, weights, tokenizer.</summary>
internal static class ModelInspector
{
    /// <summary>The model: its shape, and what it takes in memory.</summary>
    public static Report Model(string folder)
    {
        using ModelParts parts = ModelParts.Open(folder);
        (LlamaConfig config, WeightStore store) = parts;
        Report report = new Report($"{folder}: language model")
            .With("model type", config.ModelType)
            .With("layers", config.LayerCount)
            .With("hidden size", config.HiddenSize)
            .With("feed-forward size", config.IntermediateSize)
            .With("query heads", config.HeadCount)
            .With("key and value heads", config.KeyValueHeadCount)
            .With("head size", config.HeadSize)
            .With("vocabulary", config.VocabularySize)
            .With("positions", config.MaxPositions)
            .With("rotary theta", config.Rotary.Theta)
            .With("tied embeddings", config.TieEmbeddings)
            .With("begin of sequence", config.BeginOfSequenceId)
            .With("end of sequence", config.EndOfSequenceIds);
        if (ModelFolderContents.AdapterOf(folder) is { } adapter)
        {
            report.With("adapter", $"{Path.GetFileName(adapter)}: not applied; merge it, or the model is refused");
        }

        StoredTensor[] tensors = [.. store.Names.Select(store.Info)];
        long parameters = tensors.Sum(tensor => tensor.ElementCount);
        const int KeyAndValue = 2, BytesInFloat32 = 4, BytesInBFloat16 = 2;
        return report
            .With("parameters in fp32", new ByteSize(parameters * BytesInFloat32))
            .With("parameters in bf16", new ByteSize(parameters * BytesInBFloat16))
            .With(
                "cache a token in fp32",
                new ByteSize((long)KeyAndValue * config.LayerCount * config.KeyValueHeadCount * config.HeadSize * BytesInFloat32))
            .WithTensors(tensors);
    }

    /// <summary>The tokenizer.</summary>
    public static Report Tokenizer(string folder)
    {
        TextTokenizer tokenizer = TokenizerFolder.Load(folder);
        string? Token(int? id) => id is { } known ? $"{known} ({tokenizer.TokenOf(known)})" : null;
        return new Report($"{folder}: tokenizer")
            .With("kind", tokenizer.GetType().Name)
            .With("vocabulary", tokenizer.VocabularySize)
            .With("begin of sequence", Token(tokenizer.BeginOfSequenceId))
            .With("end of sequence", Token(tokenizer.EndOfSequenceId))
            .With("padding", Token(tokenizer.PadId))
            .With("unknown", Token(tokenizer.UnknownId));
    }

    /// <summary>A sentence model.</summary>
    public static Report Sentences(string folder)
    {
        using SentenceEncoder encoder = SentenceEncoder.Load(folder);
        using WeightStore store = WeightStore.Open(folder);
        return new Report($"{folder}: sentence model")
            .With("width of a vector", encoder.Dimension)
            .With("tokens of a text at most", encoder.MaximumTokens)
            .WithTensors([.. store.Names.Select(store.Info)]);
    }
}
