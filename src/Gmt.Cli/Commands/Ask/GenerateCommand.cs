using System.CommandLine;
using System.Diagnostics;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Lets a language model go on with a text, to check a checkpoint by hand.</summary>
internal sealed class GenerateCommand : GmtCommand
{
    private readonly Argument<string> _model = new("MODEL")
    {
        Description = "A model's folder, or a name in the local Hugging Face cache.",
    };
    private readonly TextArguments _texts = new();
    private readonly Option<int> _newTokens = Flag.Integer(
        "--max_new_tokens", "Tokens of an answer at most.", 64, least: 0, most: 1_000_000);
    private readonly Option<bool> _beyondEnd = Flag.Switch("--ignore_eos", "Goes on after the end-of-sequence token.");
    private readonly ReportFlags _report = new();

    /// <summary>Creates the command.</summary>
    public GenerateCommand() : base("generate", "Goes on with a text: always the likeliest next token.")
    {
        Add(_model);
        Add(_texts.Texts);
        Add("Generation", _newTokens, _beyondEnd);
        Add("Output", _report.All);
    }

    /// <inheritdoc/>
    public override string Example => "examples/models/tiny-llama \"The official language of Sweden is\" --max_new_tokens 8";

    /// <inheritdoc/>
    public override int Execute(CommandContext context)
    {
        using LanguageModel language = LanguageModel.Load(ModelLocator.Default.Find(context.Get(_model)));
        if (language.ComputeNote is { } note)
        {
            context.Terminal.Error.WriteLine(note);
        }

        var options = new GreedyOptions { MaxNewTokens = context.Get(_newTokens), StopAtEndOfSequence = !context.Get(_beyondEnd) };
        var decoder = new GreedyDecoder(language.Model, options);
        string[] texts = _texts.Read(context);
        IReadOnlyList<int>[] prompts = [.. texts.Select(text => language.Tokenizer.Encode(text))];
        long started = Stopwatch.GetTimestamp();
        IReadOnlyList<IReadOnlyList<int>> generated = decoder.Generate(prompts, cancellationToken: context.Interruption.Token);
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Report[] reports =
        [
            .. texts.Select((text, row) => new Report(text)
                .With("answer", language.Tokenizer.Decode(generated[row]))
                .With("prompt tokens", prompts[row].Count)
                .With("new tokens", generated[row].Count)
                .With("new ids", generated[row])),
        ];
        _report.Write(context, reports);
        context.Terminal.Error.WriteLine($"{generated.Sum(ids => ids.Count)} tokens in {seconds:F2} s");
        return ExitCode.Success;
    }
}
