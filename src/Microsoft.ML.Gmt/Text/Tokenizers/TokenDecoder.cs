using System.Globalization;
using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Turns the spellings of tokens back into text: the <c>decoder</c> of <c>tokenizer.json</c>.</summary>
internal abstract class TokenDecoder
{
    private const string Steps = "decoders";

    /// <summary>Rewrites the parts of a text; what is left at the end is joined.</summary>
    /// <exception cref="GmtFileException">The tokenizer's file multiplies the text beyond all measure.</exception>
    public List<string> Apply(List<string> parts) => Apply(parts, PipelineLimits.LengthFor(parts.Sum(part => (long)part.Length)));

    /// <summary>Rewrites the parts of a text.</summary>
    /// <param name="parts">The parts.</param>
    /// <param name="limit">How long they may be together.</param>
    protected abstract List<string> Apply(List<string> parts, long limit);

    /// <summary>Reads a decoder, or null where there is none and tokens stand between spaces.</summary>
    /// <exception cref="GmtFileException">It is malformed or not supported.</exception>
    public static TokenDecoder? Read(JsonPart part)
    {
        PipelineLimits.CheckSteps(part, Steps);
        return ReadStep(part);
    }

    private static TokenDecoder? ReadStep(JsonPart part) => part.IsNull ? null : part["type"].Text() switch
    {
        "ByteLevel" => new ByteLevel(),
        "Replace" => new Replacement(part, part["pattern"]["String"].Text(), part["content"].Text()),
        "ByteFallback" => new ByteFallback(),
        "Fuse" => new Fusion(),
        "Strip" => new Strip(Character(part["content"]), part["start"].TokenId(), part["stop"].TokenId()),
        "WordPiece" => new WordPieces(part["prefix"].TextOrNull() ?? "##", part["cleanup"].Flag(true)),
        "Sequence" => new Chain(
        [
            .. part[Steps].Items().Select(item => ReadStep(item) ?? throw item.Fault("expected a decoder, found null.")),
        ]),
        string type => throw part.Fault($"decoder '{GmtFileException.Shorten(type)}' is not supported."),
    };

    private static char Character(JsonPart part) =>
        part.Text() is [char character] ? character : throw part.Fault("expected one character.");

    /// <summary>Byte-level tokens: their bytes are UTF-8 as a whole, not one by one.</summary>
    private sealed class ByteLevel : TokenDecoder
    {
        protected override List<string> Apply(List<string> parts, long limit)
        {
            List<byte> bytes = new(parts.Count * 4);
            foreach (string part in parts)
            {
                ByteLevelAlphabet.AppendBytes(part, bytes);
            }

            return [Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes))];
        }
    }

    private sealed class Replacement(JsonPart part, string pattern, string content) : TokenDecoder
    {
        protected override List<string> Apply(List<string> parts, long limit)
        {
            if (pattern.Length == 0)
            {
                return parts;
            }

            List<string> result = new(parts.Count);
            long length = 0;
            foreach (string text in parts)
            {
                result.Add(PipelineLimits.Replace(text, pattern, content, limit - length, part));
                length += result[^1].Length;
            }

            return result;
        }
    }

    /// <summary>
    /// Joins runs of tokens like <c>&lt;0xE2&gt;</c>; a run that is not valid UTF-8 gives one U+FFFD for each of its bytes.
    /// </summary>
    private sealed class ByteFallback : TokenDecoder
    {
        private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

        protected override List<string> Apply(List<string> parts, long limit)
        {
            List<string> result = new(parts.Count);
            List<byte> run = [];
            foreach (string part in parts)
            {
                if (part is ['<', '0', 'x', _, _, '>']
                    && byte.TryParse(part.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
                {
                    run.Add(value);
                    continue;
                }

                Flush(run, result);
                result.Add(part);
            }

            Flush(run, result);
            return result;
        }

        private static void Flush(List<byte> run, List<string> result)
        {
            if (run.Count == 0)
            {
                return;
            }

            try
            {
                result.Add(Strict.GetString(run.ToArray()));
            }
            catch (DecoderFallbackException)
            {
                result.AddRange(Enumerable.Repeat("\uFFFD", run.Count));
            }

            run.Clear();
        }
    }

    private sealed class Fusion : TokenDecoder
    {
        protected override List<string> Apply(List<string> parts, long limit) => [string.Concat(parts)];
    }

    private sealed class Strip(char character, int start, int stop) : TokenDecoder
    {
        protected override List<string> Apply(List<string> parts, long limit) => [.. parts.Select(part =>
        {
            int first = 0;
            while (first < start && first < part.Length && part[first] == character)
            {
                first++;
            }

            int last = part.Length;
            while (last > first && part.Length - last < stop && part[last - 1] == character)
            {
                last--;
            }

            return part[first..last];
        })];
    }

    /// <summary>
    /// Word pieces: a space before each that begins a word, and on request none before the usual English endings and signs.
    /// </summary>
    private sealed class WordPieces(string prefix, bool cleanUp) : TokenDecoder
    {
        private static readonly (string From, string To)[] Contractions =
        [
            (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"),
            (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
        ];

        protected override List<string> Apply(List<string> parts, long limit)
        {
            List<string> result = new(parts.Count);
            foreach (string part in parts)
            {
                string text = result.Count == 0 ? part
                    : part.StartsWith(prefix, StringComparison.Ordinal) ? part[prefix.Length..] : $" {part}";
                result.Add(cleanUp ? CleanUp(text) : text);
            }

            return result;
        }

        private static string CleanUp(string text) =>
            Contractions.Aggregate(text, (current, change) => current.Replace(change.From, change.To, StringComparison.Ordinal));
    }

    private sealed class Chain(TokenDecoder[] steps) : TokenDecoder
    {
        protected override List<string> Apply(List<string> parts, long limit) =>
            steps.Aggregate(parts, (current, step) => step.Apply(current, limit));
    }
}
