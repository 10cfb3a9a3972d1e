using Spectre.Console;

namespace Microsoft.ML.Gmt.Cli.Output;

/// <summary>Where a command reads and writes: results go to <see cref="Output"/>, everything else to <see cref="Error"/>.</summary>
/// <param name="Input">What is piped in.</param>
/// <param name="Output">Results.</param>
/// <param name="Error">Errors, warnings and progress.</param>
internal sealed record Terminal(TextReader Input, TextWriter Output, TextWriter Error)
{
    private const int WidthOfFiles = 10_000, UsualWidth = 80, LeastWidth = 40;

    /// <summary>Whether results are read by a person, in a window; else by a program or later.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>Whether progress is read by a person, so that a line may be redrawn.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Whether text is typed, so that waiting for it needs a word.</summary>
    public bool IsInputTerminal { get; init; }

    /// <summary>Characters of a line in the window.</summary>
    public int Width { get; init; } = UsualWidth;

    /// <summary>The standard streams of this process.</summary>
    public static Terminal OfProcess() => new(Console.In, Console.Out, Console.Error)
    {
        IsOutputTerminal = !Console.IsOutputRedirected,
        IsErrorTerminal = !Console.IsErrorRedirected,
        IsInputTerminal = !Console.IsInputRedirected,
        Width = Console.IsOutputRedirected && Console.IsErrorRedirected ? UsualWidth
            : Console.WindowWidth is > 0 and var width ? Math.Max(width, LeastWidth)
            : UsualWidth,
    };

    /// <summary>
    /// Draws tables on <see cref="Output"/>: as wide as the window, or as wide as they need in a file, and there without colours.
    /// </summary>
    public IAnsiConsole Canvas()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsOutputTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Output),
        });
        console.Profile.Width = IsOutputTerminal ? Width : WidthOfFiles;
        return console;
    }

    /// <summary>Says something that is not a result.</summary>
    public void Warn(string message) => Error.WriteLine($"warning: {message}");
}
