using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>Turns questions with answers into rows of tokens to train on. Any number of threads may use one.</summary>
/// <remarks>
/// <para>Prompt and answer are one text, cut to <see cref="CutoffLength"/> tokens; where there is room, the end-of-sequence token follows
/// if it is wanted and not there already.</para>
/// <para>Where only answers are to be predicted, the tokens of the prompt alone are counted and as many are read only. A tokenizer that
/// merges the prompt's last character with the answer's first puts the border at a token that belongs to both, which is then read only or
/// not, as the counts have it; templates that end with a line end avoid it. Unlike in the reference, the count stays exact where a prompt
/// is cut off and where the tokenizer itself ends each text with a special token.</para>
/// </remarks>
internal sealed class RowTokenizer
{
    /// <summary>How many tokens a row has at most where nothing is said; 512.</summary>
    internal const int DefaultCutoffLength = 512;

    private const int PieceLength = 4096;

    private readonly TextTokenizer _tokenizer;
    private readonly PromptTemplate _template;
    private readonly int? _endOfSequence;
    private readonly int _specialTokensAfter;

    /// <summary>Creates a tokenizer of rows.</summary>
    /// <param name="tokenizer">The language model's tokenizer.</param>
    /// <param name="template">The text around instruction and input; null for the default.</param>
    /// <param name="cutoffLength">How many tokens a row has at most; 512.</param>
    /// <param name="addEndOfSequence">Whether the end-of-sequence token follows the answer, so that the model learns to stop;
    /// false.</param>
    /// <param name="trainOnInputs">Whether the prompt is to be predicted too; true.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The cut-off leaves no room for a token beside those that the tokenizer puts around every text.
    /// </exception>
    /// <exception cref="ArgumentException">An end-of-sequence token is wanted and the tokenizer has none.</exception>
    public RowTokenizer(
        TextTokenizer tokenizer, PromptTemplate? template = null, int cutoffLength = DefaultCutoffLength, bool addEndOfSequence = false,
        bool trainOnInputs = true)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(cutoffLength, tokenizer.Encode("").Count);
        (_tokenizer, _template, CutoffLength, TrainOnInputs) = (tokenizer, template ?? PromptTemplate.Alpaca, cutoffLength, trainOnInputs);
        _endOfSequence = !addEndOfSequence ? null : tokenizer.EndOfSequenceId
            ?? throw new ArgumentException(
                "The tokenizer has no end-of-sequence token to add; train without one.", nameof(addEndOfSequence));
        _specialTokensAfter = SpecialTokensAfter(tokenizer);
    }

    /// <summary>How many tokens a row has at most.</summary>
    public int CutoffLength { get; }

    /// <summary>Whether the prompt is to be predicted too.</summary>
    public bool TrainOnInputs { get; }

    /// <summary>Tokenizes one example.</summary>
    /// <param name="example">The question and its answer.</param>
    public TokenizedRow Tokenize(InstructionExample example)
    {
        ArgumentNullException.ThrowIfNull(example);
        List<int> ids = Encode(_template.Render(example.Instruction, example.Input, example.Output), out bool isCut);
        if (_endOfSequence is { } end && ids.Count < CutoffLength && (ids.Count == 0 || ids[^1] != end))
        {
            ids.Add(end);
        }

        int context = TrainOnInputs ? 0 : Encode(_template.Render(example.Instruction, example.Input), out _).Count - _specialTokensAfter;
        return new TokenizedRow(ids.ToArray(), Math.Min(context, ids.Count), example.Query) { IsCut = isCut, Features = example.Features };
    }

    /// <summary>Tokenizes examples on all cores, in their order.</summary>
    /// <param name="examples">Questions and answers; read piece by piece.</param>
    public IReadOnlyList<TokenizedRow> Tokenize(IEnumerable<InstructionExample> examples)
    {
        ArgumentNullException.ThrowIfNull(examples);
        List<TokenizedRow> rows = [];
        foreach (InstructionExample[] piece in examples.Chunk(PieceLength))
        {
            var tokenized = new TokenizedRow[piece.Length];
            Parallel.For(0, piece.Length, row => tokenized[row] = Tokenize(piece[row]));
            rows.AddRange(tokenized);
        }

        return rows;
    }

    /// <summary>A text's tokens, cut at the end of the text where there are too many; special tokens around the text stay.</summary>
    private List<int> Encode(string text, out bool isCut)
    {
        List<int> ids = [.. _tokenizer.Encode(text)];
        isCut = ids.Count > CutoffLength;
        if (isCut)
        {
            ids.RemoveRange(CutoffLength - _specialTokensAfter, ids.Count - CutoffLength);
        }

        return ids;
    }

    private static int SpecialTokensAfter(TextTokenizer tokenizer)
    {
        const string Sample = "a";
        IReadOnlyList<int> whole = tokenizer.Encode(Sample), bare = tokenizer.Encode(Sample, addSpecialTokens: false);
        int around = whole.Count - bare.Count;
        return around - Enumerable.Range(0, around + 1).First(before => whole.Skip(before).Take(bare.Count).SequenceEqual(bare));
    }
}
