using System.CommandLine;
using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Cli;

/// <summary>The tool: finds the command, checks its arguments, runs it and turns failures into messages and exit codes.</summary>
internal static partial class GmtCommandLine
{
    private static readonly string[] HelpNames = ["--help", "-h", "-?", "help"];

    /// <summary>Runs the tool.</summary>
    /// <param name="arguments">What was typed after <c>gmt</c>.</param>
    /// <param name="terminal">Where to read and write.</param>
    /// <param name="interruption">Who may interrupt.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments, Terminal terminal, Interruption interruption)
    {
        IReadOnlyList<CommandSection> sections = CommandList.Create();
        RootCommand root = new("Graph-as-Memory Tuning: a knowledge graph as memory of a language model.");
        foreach (GmtCommand command in sections.SelectMany(section => section.Commands))
        {
            root.Add(command);
        }

        switch (arguments)
        {
            case []:
                HelpPage.Write(root, sections, terminal.Error, terminal.Width);
                return ExitCode.Usage;
            case [var first, ..] when HelpNames.Contains(first):
                HelpPage.Write(root, sections, terminal.Output, terminal.Width);
                return ExitCode.Success;
            case ["--version", ..]:
                terminal.Output.WriteLine(GmtVersion.Text);
                return ExitCode.Success;
            case [var first, ..] when first.StartsWith('['): // a directive, such as [suggest] of dotnet-suggest
                return root.Parse(arguments).Invoke(
                    new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, ProcessTerminationTimeout = null });
            default:
                return Run(root, arguments, terminal, interruption);
        }
    }

    private static int Run(RootCommand root, string[] arguments, Terminal terminal, Interruption interruption)
    {
        GmtCommand? Find(string name) => root.Subcommands.OfType<GmtCommand>().FirstOrDefault(command => command.Name == name);
        if (Find(arguments[0]) is not { } chosen)
        {
            string suggestion = Suggestion.For(arguments[0], root.Subcommands.Select(command => command.Name));
            terminal.Error.WriteLine($"gmt: error: there is no command '{arguments[0]}'{suggestion}");
            terminal.Error.WriteLine("'gmt --help' lists the commands.");
            return ExitCode.Usage;
        }

        string[] typed = arguments[1..];
        if (chosen.Script is { } script && CompatibilityFlag.Take(ref typed))
        {
            chosen = Find(script)!;
        }

        try
        {
            if (Parse(root, chosen, typed) is { } parsed)
            {
                if (chosen.Name != chosen.Script)
                {
                    FlagRanges.Check(chosen, parsed);
                }

                return chosen.Execute(new CommandContext(parsed, terminal, interruption));
            }

            HelpPage.Write(chosen, terminal.Output, terminal.Width);
            return ExitCode.Success;
        }
        catch (UsageError e)
        {
            terminal.Error.WriteLine(HelpPage.Usage(chosen));
            terminal.Error.WriteLine($"gmt {chosen.Name}: error: {e.Message}");
            terminal.Error.WriteLine($"'gmt {chosen.Name} --help' lists the options.");
            return ExitCode.Usage;
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            terminal.Error.WriteLine($"gmt {chosen.Name}: interrupted before the end");
            return ExitCode.Failure;
        }
        catch (Exception e)
        {
            terminal.Error.WriteLine($"gmt {chosen.Name}: error: {FlagNames.In(chosen, FailureText.Of(e))}");
            return ExitCode.Failure;
        }
    }

    /// <summary>The arguments; null where help is asked for.</summary>
    private static ParseResult? Parse(RootCommand root, GmtCommand command, string[] arguments)
    {
        static bool AsksForHelp(IEnumerable<string> arguments) =>
            arguments.TakeWhile(argument => argument != "--").Any(argument => argument is "--help" or "-h" or "-?");

        IReadOnlyList<string> unified = AsksForHelp(arguments) ? arguments : ArgumentForms.Unify(command, arguments);
        if (AsksForHelp(unified))
        {
            return null;
        }

        ParserConfiguration configuration = new() { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
        ParseResult result = root.Parse([command.Name, .. unified], configuration);
        return result.Errors.Count == 0
            ? result
            : throw new UsageError(
                string.Join("; ", result.Errors.Select(error => Required().Replace(error.Message.TrimEnd('.'), "$1 is required"))));
    }

    [GeneratedRegex("^Option '(.+)' is required$")]
    private static partial Regex Required();
}
