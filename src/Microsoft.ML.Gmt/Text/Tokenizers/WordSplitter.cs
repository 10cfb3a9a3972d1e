using System.Globalization;
using System.Text;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Text;

/// <summary>
/// Splits a text into words, in which the model then looks for tokens: the <c>pre_tokenizer</c> of <c>tokenizer.json</c>.
/// </summary>
internal abstract class WordSplitter : PreTokenizer
{
    private const string Steps = "pretokenizers";

    // GPT-2's words: English contractions; letters, numbers, or other signs with one space before; white space, whose last character
    // goes to the next word.
    private static readonly Lazy<CodePointRegex> Gpt2Words = new(() => new CodePointRegex(
        @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"));

    /// <summary>
    /// Whether the words go to the model as bytes in <see cref="ByteLevelAlphabet"/>'s spelling. Only a chain's last step may ask for that.
    /// </summary>
    public virtual bool UsesBytes => false;

    /// <summary>Appends the words of a text, or of a part of it.</summary>
    public abstract void Split(Word text, List<Word> words);

    /// <inheritdoc/>
    public sealed override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<Word> words = [];
        Split(new Word(text.AsMemory()), words);
        return words.Select(word => (word.Start, word.Text.Length - word.Lead));
    }

    /// <inheritdoc/>
    public sealed override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    /// <summary>Reads a pre-tokenizer, or null where there is none.</summary>
    /// <exception cref="GmtFileException">It is malformed or not supported.</exception>
    public static WordSplitter? Read(JsonPart part)
    {
        PipelineLimits.CheckSteps(part, Steps);
        return ReadStep(part);
    }

    private static WordSplitter? ReadStep(JsonPart part) => part.IsNull ? null : part["type"].Text() switch
    {
        "Digits" => new Digits(part["individual_digits"].Flag(false)),
        "Split" => ReadSplit(part),
        "ByteLevel" => new ByteLevel(part["add_prefix_space"].Flag(true), part["use_regex"].Flag(true) ? Gpt2Words.Value : null),
        "BertPreTokenizer" => new BertWords(),
        "Sequence" => ReadChain(part[Steps]),
        string type => throw part.Fault($"pre-tokenizer '{GmtFileException.Shorten(type)}' is not supported."),
    };

    private static Pattern ReadSplit(JsonPart part)
    {
        JsonPart regex = part["pattern"]["Regex"];
        string pattern = regex.IsNull ? System.Text.RegularExpressions.Regex.Escape(part["pattern"]["String"].Text()) : regex.Text();
        if (pattern.Length > PipelineLimits.LongestPattern)
        {
            throw part["pattern"].Fault(
                $"a pattern of {pattern.Length} characters is not supported; up to {PipelineLimits.LongestPattern} are.");
        }

        bool known = Enum.TryParse(part["behavior"].Text(), out SplitBehavior behavior) && Enum.IsDefined(behavior);
        if (!known)
        {
            throw part["behavior"].Fault($"expected one of {string.Join(", ", Enum.GetNames<SplitBehavior>())}.");
        }

        try
        {
            return new Pattern(new CodePointRegex(pattern), behavior, part["invert"].Flag(false));
        }
        catch (ArgumentException error)
        {
            throw regex.Fault($"the pattern is not supported: {error.Message}", error);
        }
    }

    private static Chain ReadChain(JsonPart part)
    {
        WordSplitter[] steps =
        [
            .. part.Items().Select(item => ReadStep(item) ?? throw item.Fault("expected a pre-tokenizer, found null.")),
        ];
        return steps.SkipLast(1).Any(step => step.UsesBytes)
            ? throw part.Fault("ByteLevel is supported as the last step only.")
            : new Chain(steps);
    }

    private sealed class Digits(bool individual) : WordSplitter
    {
        public override void Split(Word text, List<Word> words)
        {
            ReadOnlySpan<char> span = text.Text.Span;
            List<Range> numbers = [];
            int offset = 0;
            while (offset < span.Length)
            {
                Rune.DecodeFromUtf16(span[offset..], out Rune rune, out int length);
                if (IsNumber(rune))
                {
                    numbers.Add(offset..(offset + length));
                }

                offset += length;
            }

            (individual ? SplitBehavior.Isolated : SplitBehavior.Contiguous).Apply(text, numbers, invert: false, words);
        }

        // All of Unicode's numbers, so ½ and Ⅱ as well.
        private static bool IsNumber(Rune rune) => Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
    }

    private sealed class Pattern(CodePointRegex regex, SplitBehavior behavior, bool invert) : WordSplitter
    {
        public override void Split(Word text, List<Word> words) =>
            behavior.Apply(text, regex.Matches(text.Text.Span), invert, words);
    }

    private sealed class ByteLevel(bool addPrefixSpace, CodePointRegex? regex) : WordSplitter
    {
        public override bool UsesBytes => true;

        public override void Split(Word text, List<Word> words)
        {
            if (addPrefixSpace && !text.Text.Span.StartsWith(' '))
            {
                text = new Word(string.Concat(" ", text.Text.Span).AsMemory(), text.Start, text.Lead + 1);
            }

            if (regex is null)
            {
                words.Add(text);
            }
            else
            {
                SplitBehavior.Isolated.Apply(text, regex.Matches(text.Text.Span), invert: false, words);
            }
        }
    }

    /// <summary>BERT's words: white space separates, each punctuation mark stands alone.</summary>
    private sealed class BertWords : WordSplitter
    {
        public override void Split(Word text, List<Word> words)
        {
            ReadOnlySpan<char> span = text.Text.Span;
            int start = 0;
            int offset = 0;
            while (offset < span.Length)
            {
                Rune.DecodeFromUtf16(span[offset..], out Rune rune, out int length);
                bool space = Rune.IsWhiteSpace(rune);
                bool alone = space || IsPunctuation(rune);
                if (alone)
                {
                    Add(start, offset);
                    start = offset + length;
                }

                if (alone && !space)
                {
                    Add(offset, start);
                }

                offset += length;
            }

            Add(start, span.Length);

            void Add(int from, int to)
            {
                if (to > from)
                {
                    words.Add(text.Slice(from, to));
                }
            }
        }

        // All of ASCII's signs count, also those that Unicode calls symbols.
        private static bool IsPunctuation(Rune rune) => Rune.IsPunctuation(rune) || (rune.IsAscii && Rune.IsSymbol(rune));
    }

    private sealed class Chain(WordSplitter[] steps) : WordSplitter
    {
        public override bool UsesBytes => steps.Length > 0 && steps[^1].UsesBytes;

        public override void Split(Word text, List<Word> words)
        {
            List<Word> current = [text];
            foreach (WordSplitter step in steps)
            {
                List<Word> next = new(current.Count * 2);
                foreach (Word word in current)
                {
                    step.Split(word, next);
                }

                current = next;
            }

            words.AddRange(current);
        }
    }
}
