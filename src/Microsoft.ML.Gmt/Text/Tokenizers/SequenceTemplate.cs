using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>The special tokens that stand before and after a single text: the <c>post_processor</c> of <c>tokenizer.json</c>.</summary>
internal sealed record SequenceTemplate(IReadOnlyList<int> Before, IReadOnlyList<int> After)
{
    private static readonly SequenceTemplate Nothing = new([], []);

    /// <summary>Reads a post-processor; where there is none, nothing is added.</summary>
    public static SequenceTemplate Read(JsonPart part) => part.IsNull ? Nothing : part["type"].Text() switch
    {
        "TemplateProcessing" => ReadTemplate(part),
        "ByteLevel" => Nothing,    // takes spaces out of offsets, which we leave there
        "BertProcessing" or "RobertaProcessing" => new([PairId(part["cls"])], [PairId(part["sep"])]),
        "Sequence" => part["processors"].Items().Select(Read)
            .Aggregate(Nothing, (inner, outer) => new([.. outer.Before, .. inner.Before], [.. inner.After, .. outer.After])),
        string type => throw part.Fault($"post-processor '{GmtFileException.Shorten(type)}' is not supported."),
    };

    /// <summary>The template that the settings ask for: <c>add_bos_token</c>, by default true, and <c>add_eos_token</c>, by default
    /// false.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="find">The id of a token; null where there is no such token.</param>
    /// <exception cref="GmtFileException">The settings ask for a token that the vocabulary lacks.</exception>
    public SequenceTemplate Replaced(TokenizerSettings settings, Func<string?, int?> find)
    {
        IReadOnlyList<int>? before = Token(settings.AddBeginOfSequence, true, settings.BeginOfSequence ?? "<s>", "add_bos_token");
        IReadOnlyList<int>? after = Token(settings.AddEndOfSequence, false, settings.EndOfSequence ?? "</s>", "add_eos_token");
        return new(before ?? Before, after ?? After);

        IReadOnlyList<int>? Token(bool? asked, bool usual, string token, string setting) => !(asked ?? usual) ? []
            : find(token) is { } id ? [id]
            : asked is null ? null // nobody asked for a token that is not there
            : throw settings.Fault(setting, $"it asks for the token '{GmtFileException.Shorten(token)}', which the vocabulary lacks.");
    }

    private static SequenceTemplate ReadTemplate(JsonPart part)
    {
        List<int> before = [];
        List<int> after = [];
        List<int> current = before;
        foreach (JsonPart item in part["single"].Items())
        {
            JsonPart special = item["SpecialToken"];
            if (special.IsNull)
            {
                current = item["Sequence"]["id"].Text() == "A" && current == before
                    ? after
                    : throw item.Fault("the template of a single text holds sequence A once.");
            }
            else
            {
                current.AddRange(part["special_tokens"][special["id"].Text()]["ids"].Items().Select(id => id.TokenId()));
            }
        }

        return current == after ? new(before, after) : throw part["single"].Fault("the template lacks sequence A, the text.");
    }

    // ["[CLS]", 101]
    private static int PairId(JsonPart part) =>
        part.Items().Skip(1).FirstOrDefault() is { IsNull: false } id ? id.TokenId() : throw part.Fault("expected a token and its id.");
}
