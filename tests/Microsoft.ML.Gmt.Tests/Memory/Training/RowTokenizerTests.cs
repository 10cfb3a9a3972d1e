using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed class RowTokenizerTests
{
    private const int Begin = 0, End = 1;
    private static readonly PromptTemplate Plain = new()
    {
        PromptInput = "{instruction}{input}>",
        PromptNoInput = "{instruction}>",
        ResponseSplit = ">",
    };

    [TestMethod]
    [DataRow(false, true, 99, "^q:a>yes", 0)]
    [DataRow(false, false, 99, "^q:a>yes", 5)]
    [DataRow(true, true, 99, "^q:a>yes$", 0)]
    [DataRow(true, false, 99, "^q:a>yes$", 5)]
    [DataRow(true, false, 9, "^q:a>yes$", 5)]
    [DataRow(true, false, 8, "^q:a>yes", 5)]
    [DataRow(true, false, 6, "^q:a>y", 5)]
    [DataRow(true, false, 5, "^q:a>", 5)]
    [DataRow(true, false, 4, "^q:a", 4)]
    [DataRow(false, true, 2, "^q", 0)]
    public void A_row_is_cut_ended_and_masked_exactly(
        bool addEndOfSequence, bool trainOnInputs, int cutoffLength, string expected, int contextLength)
    {
        // The reference's mask is one token short where a prompt is cut off and the end-of-sequence token asked for (the last but one row).
        var tokenizer = new RowTokenizer(new Letters(), Plain, cutoffLength, addEndOfSequence, trainOnInputs);
        TokenizedRow row = tokenizer.Tokenize(new InstructionExample("q:", "a", "yes", new Triple(1, 2, 3)));
        Assert.AreEqual(expected, Spell(row.Ids));
        Assert.AreEqual(contextLength, row.ContextLength);
        Assert.AreEqual(Math.Min(expected.Length - contextLength, expected.Length - 1), row.LabelCount);
        CollectionAssert.AreEqual(row.Ids.Select((id, place) => place < contextLength ? -100 : id).ToArray(), row.Labels.ToArray());
        Assert.AreEqual(new Triple(1, 2, 3), row.Triple);
        Assert.AreEqual(cutoffLength < "^q:a>yes".Length, row.IsCut, "the answer's end is missing");
    }

    [TestMethod]
    [DataRow(99, "^q:a>yes$", 5)]
    [DataRow(7, "^q:a>y$", 5)]
    [DataRow(5, "^q:a$", 4)]
    public void A_tokenizer_that_ends_texts_itself_is_masked_exactly_too(int cutoffLength, string expected, int contextLength)
    {
        foreach (bool addEndOfSequence in new[] { false, true })
        {
            var tokenizer = new RowTokenizer(new Letters(endsTexts: true), Plain, cutoffLength, addEndOfSequence, trainOnInputs: false);
            TokenizedRow row = tokenizer.Tokenize(new InstructionExample("q:", "a", "yes", default));
            Assert.AreEqual(expected, Spell(row.Ids));
            Assert.AreEqual(contextLength, row.ContextLength);
        }
    }

    [TestMethod]
    public void Many_examples_are_tokenized_as_one_by_one()
    {
        var tokenizer = new RowTokenizer(new Letters(), Plain, trainOnInputs: false);
        InstructionExample[] examples =
            [.. Enumerable.Range(0, 10_000).Select(i => new InstructionExample($"{i}", "", i % 3 == 0 ? "" : "y", new Triple(i, 0, i)))];
        TokenizedRow[] rows = [.. tokenizer.Tokenize(examples)];
        Assert.HasCount(examples.Length, rows);
        for (int i = 0; i < rows.Length; i++)
        {
            Assert.AreEqual($"^{i}>{examples[i].Output}", Spell(rows[i].Ids));
            Assert.AreEqual(i % 3 == 0 ? 0 : 1, rows[i].LabelCount);
        }
    }

    [TestMethod]
    public void Senseless_options_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RowTokenizer(new Letters(), cutoffLength: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RowTokenizer(new Letters(endsTexts: true), cutoffLength: 2));
        Assert.Throws<ArgumentException>(() => new RowTokenizer(new Letters(hasEnd: false), addEndOfSequence: true));
        Assert.AreEqual(2, new RowTokenizer(new Letters(), cutoffLength: 2).CutoffLength);
    }

    private static string Spell(IReadOnlyList<int> ids) => string.Concat(ids.Select(id => id == Begin ? '^' : id == End ? '$' : (char)id));

    /// <summary>A token for each character.</summary>
    private sealed class Letters(bool endsTexts = false, bool hasEnd = true) : TextTokenizer
    {
        public override int VocabularySize => char.MaxValue + 1;

        public override int? BeginOfSequenceId => Begin;

        public override int? EndOfSequenceId => hasEnd ? End : null;

        public override int? PadId => null;

        public override int? UnknownId => null;

        public override string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = true) => Spell(ids);

        internal override string? TokenOf(int id) => $"{(char)id}";

        private protected override void Tokenize(string text, EncodeSettings settings, bool addSpecialTokens, TokenList tokens)
        {
            tokens.Ids.AddRange(addSpecialTokens ? [Begin] : []);
            tokens.Ids.AddRange(text.Select(c => (int)c));
            tokens.Ids.AddRange(addSpecialTokens && endsTexts ? [End] : []);
        }
    }
}
