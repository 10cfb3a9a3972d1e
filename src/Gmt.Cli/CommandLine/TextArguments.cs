using System.CommandLine;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Texts to work on: arguments, or what is piped in.</summary>
internal sealed class TextArguments
{
    /// <summary>The arguments.</summary>
    public Argument<string[]> Texts { get; } = new("TEXT")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Texts; without any, what is piped in is one.",
    };

    /// <summary>The texts.</summary>
    public string[] Read(CommandContext context)
    {
        string[] texts = context.Get(Texts) ?? [];
        if (texts.Length > 0)
        {
            return texts;
        }

        if (context.Terminal.IsInputTerminal)
        {
            context.Terminal.Error.WriteLine("type the text, and end it with Ctrl-D (Ctrl-Z and Return on Windows)");
        }

        return [context.Terminal.Input.ReadToEnd()];
    }
}
