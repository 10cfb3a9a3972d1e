using System.Globalization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>What a piece of a sentencepiece vocabulary is; the numbers are those of the file format.</summary>
internal enum PieceKind
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>One piece of a sentencepiece vocabulary.</summary>
internal readonly record struct Piece(string Text, float Score, PieceKind Kind)
{
    /// <summary>Whether merges can lead to the piece; the other kinds are reserved names.</summary>
    public bool IsText => Kind is PieceKind.Normal or PieceKind.UserDefined;
}

/// <summary>A sentencepiece model as its file (<c>tokenizer.model</c>, a protocol buffer) describes it.</summary>
internal sealed record SentencePieceModel
{
    private const int BytePairEncoding = 2;

    // What the longest useful piece is far below; finding a piece's merges takes quadratic time in its length.
    private const int LongestPiece = 1024;

    public required IReadOnlyList<Piece> Pieces { get; init; }

    public required int UnknownId { get; init; }

    private bool IsBytePairEncoding { get; init; }

    public bool ByteFallback { get; private init; }

    public bool AddDummyPrefix { get; private init; } = true;

    public bool RemoveExtraWhitespaces { get; private init; } = true;

    public bool EscapeWhitespaces { get; private init; } = true;

    public bool WhitespaceIsSuffix { get; private init; }

    public string UnknownSurface { get; private init; } = " \u2047 ";

    /// <summary>Reads a model and refuses what would be tokenized wrongly.</summary>
    /// <exception cref="GmtFileException">The file is malformed or not supported.</exception>
    public static SentencePieceModel Read(string file) => Parse(file, File.ReadAllBytes(file));

    /// <summary>Reads a model from the bytes of its file.</summary>
    public static SentencePieceModel Parse(string file, byte[] data)
    {
        List<Piece> pieces = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        SentencePieceModel model = new() { Pieces = pieces, UnknownId = -1 };
        ProtobufReader reader = new(file, data);
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1:
                    pieces.Add(ReadPiece(reader.Message()));
                    if (!names.Add(pieces[^1].Text))
                    {
                        throw reader.Fault($"piece '{pieces[^1].Text}' occurs twice.");
                    }

                    break;
                case 2: model = ReadTrainer(model, reader.Message()); break;
                case 3: model = ReadNormalizer(model, reader.Message()); break;
                default: reader.Skip(); break;
            }
        }

        if (!model.IsBytePairEncoding)
        {
            throw new GmtFileException(
                file, $"offset {data.Length}",
                "the model does not say its type and so is of type unigram; only bpe, LLaMA's, is supported.");
        }

        int[] unknown = [.. Enumerable.Range(0, pieces.Count).Where(id => pieces[id].Kind == PieceKind.Unknown)];
        if (unknown.Length != 1)
        {
            throw new GmtFileException(
                file,
                $"offset {data.Length}",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"a model has exactly one unknown piece, this one has {unknown.Length}; it is damaged or no sentencepiece model."));
        }

        return model with { UnknownId = unknown[0] };
    }

    private static Piece ReadPiece(ProtobufReader reader)
    {
        string text = "";
        float score = 0;
        long kind = (long)PieceKind.Normal;
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 1: text = reader.Text(); break;
                case 2: score = reader.Single(); break;
                case 3: kind = reader.Integer(); break;
                default: reader.Skip(); break;
            }
        }

        string? problem = text.Length is 0 or > LongestPiece ? $"a piece has {text.Length} characters; 1 to {LongestPiece} are possible."
            : float.IsNaN(score) ? $"the score of piece '{text}' is not a number."
            : kind is < (long)PieceKind.Normal or > (long)PieceKind.Byte ? $"piece '{text}' is of kind {kind}, which does not exist."
            : kind == (long)PieceKind.Unused
                ? $"piece '{text}' is marked as unused, which is not supported; no LLaMA model has such pieces."
            : kind == (long)PieceKind.Byte && !IsByteName(text) ? $"byte piece '{text}' is not spelt like <0x0A>."
            : null;
        return problem is null ? new Piece(text, score, (PieceKind)kind) : throw reader.Fault(problem);
    }

    private static bool IsByteName(string text) =>
        text is ['<', '0', 'x', _, _, '>'] && char.IsAsciiHexDigit(text[3]) && char.IsAsciiHexDigit(text[4]);

    private static SentencePieceModel ReadTrainer(SentencePieceModel model, ProtobufReader reader)
    {
        long kind = 1;
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 3: kind = reader.Integer(); break;
                case 24: model = model with { WhitespaceIsSuffix = reader.Flag() }; break;
                case 35: model = model with { ByteFallback = reader.Flag() }; break;
                case 44: model = model with { UnknownSurface = reader.Text() }; break;
                default: reader.Skip(); break;
            }
        }

        string name = kind switch { 1 => "unigram", 3 => "word", 4 => "char", _ => kind.ToString(CultureInfo.InvariantCulture) };
        return kind == BytePairEncoding
            ? model with { IsBytePairEncoding = true }
            : throw reader.Fault($"the model is of type {name}; only bpe, LLaMA's, is supported.");
    }

    private static SentencePieceModel ReadNormalizer(SentencePieceModel model, ProtobufReader reader)
    {
        while (reader.Next(out int field))
        {
            switch (field)
            {
                case 2: RefuseRules(ref reader); break;
                case 3: model = model with { AddDummyPrefix = reader.Flag() }; break;
                case 4: model = model with { RemoveExtraWhitespaces = reader.Flag() }; break;
                case 5: model = model with { EscapeWhitespaces = reader.Flag() }; break;
                default: reader.Skip(); break;
            }
        }

        return model;
    }

    private static void RefuseRules(ref ProtobufReader reader)
    {
        if (reader.Bytes().Length > 0)
        {
            throw reader.Fault("the model carries normalization rules; only identity normalization, LLaMA's, is supported.");
        }
    }
}
