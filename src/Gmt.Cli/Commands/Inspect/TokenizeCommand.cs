using System.CommandLine;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Shows the tokens that a model reads a text as.</summary>
internal sealed class TokenizeCommand : GmtCommand
{
    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "A folder with a tokenizer, or a name in the local Hugging Face cache.",
    };
    private readonly TextArguments _texts = new();
    private readonly Option<bool> _bare = Flag.Switch("--no_special_tokens", "Leaves out the tokens that the model expects around a text.");
    private readonly ReportFlags _report = new();

    /// <summary>Creates the command.</summary>
    public TokenizeCommand() : base("tokenize", "Shows the tokens that a model reads a text as, and the text that they give back.")
    {
        Add(_model);
        Add(_texts.Texts);
        Add("Tokens", _bare);
        Add("Output", _report.All);
    }

    /// <inheritdoc/>
    public override string Example => "examples/models/tiny-llama \"The official language of Sweden is Swedish.\"";

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        TextTokenizer tokenizer = TokenizerFolder.Load(ModelLocator.Default.Find(context.Get(_model)));
        Report[] reports = [.. _texts.Read(context).Select(text => Describe(tokenizer, text, addSpecialTokens: !context.Get(_bare)))];
        _report.Write(context, reports);
        return ExitCode.Success;
    }

    private static Report Describe(TextTokenizer tokenizer, string text, bool addSpecialTokens)
    {
        IReadOnlyList<int> ids = tokenizer.Encode(text, addSpecialTokens);
        return new Report(text)
            .With("tokens", ids.Count)
            .With("ids", ids)
            .With("decoded", tokenizer.Decode(ids))
            .With(new ReportTable("pieces", ["place", "id", "token"], [.. ids.Select((id, place) => new object?[] { place, id, tokenizer.TokenOf(id) })]));
    }
}
