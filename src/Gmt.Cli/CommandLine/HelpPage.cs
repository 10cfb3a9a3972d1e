using System.CommandLine;
using System.Globalization;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Writes what <c>--help</c> shows: how to call a command, and its options in groups with their defaults.</summary>
internal static class HelpPage
{
    private const int Indent = 2;
    private const int LeftWidth = 32;
    private const int Gap = 2;

    /// <summary>Writes the page of the tool as a whole.</summary>
    public static void Write(RootCommand root, IReadOnlyList<CommandSection> sections, TextWriter output, int width)
    {
        output.WriteLine(root.Description);
        output.WriteLine();
        output.WriteLine("Usage: gmt COMMAND [options]");
        foreach (CommandSection section in sections)
        {
            output.WriteLine();
            output.WriteLine($"{section.Title}:");
            foreach (GmtCommand command in section.Commands)
            {
                WriteRow(command.Name, command.Description ?? "", output, width, 22);
            }
        }

        output.WriteLine();
        output.WriteLine("gmt COMMAND --help shows a command's options. Exit codes: 0 done, 1 failed or interrupted, 2 wrong usage.");
    }

    /// <summary>Writes a command's page.</summary>
    public static void Write(GmtCommand command, TextWriter output, int width)
    {
        output.WriteLine(command.Description);
        output.WriteLine();
        output.WriteLine(Usage(command));
        if (command.Arguments.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("Arguments:");
            foreach (Argument argument in command.Arguments)
            {
                WriteRow(argument.Name, argument.Description ?? "", output, width, LeftWidth);
            }
        }

        foreach (OptionGroup group in command.Groups)
        {
            output.WriteLine();
            output.WriteLine($"{group.Title}:");
            foreach (Option option in group.Options)
            {
                WriteRow(Left(option), Right(option), output, width, LeftWidth);
            }
        }

        output.WriteLine();
        output.WriteLine("Names of options may be shortened as long as they are unambiguous, and written with dashes.");
        if (command.Epilogue.Length > 0)
        {
            output.WriteLine();
            output.WriteLine(command.Epilogue);
        }

        output.WriteLine();
        output.WriteLine("Example:");
        foreach (string line in $"gmt {command.Name} {command.Example}".Split('\n'))
        {
            // What goes on from the line above stands further in.
            output.WriteLine(line.StartsWith("gmt ", StringComparison.Ordinal) ? $"  {line}" : $"    {line}");
        }
    }

    /// <summary>How a command is called, in a line.</summary>
    public static string Usage(GmtCommand command)
    {
        IEnumerable<string> required = command.Options.Where(option => option.Required).Select(Left);
        IEnumerable<string> arguments = command.Arguments.Select(argument => argument.Arity.MinimumNumberOfValues == 0
            ? $"[{argument.Name}{(argument.Arity.MaximumNumberOfValues > 1 ? " …" : "")}]"
            : argument.Name);
        return $"Usage: gmt {command.Name} {command.Call ?? string.Join(' ', [.. arguments, .. required, "[options]"])}";
    }

    private static string Left(Option option) => option.Arity.MaximumNumberOfValues == 0 ? option.Name : $"{option.Name} {option.HelpName}";

    private static string Right(Option option)
    {
        string description = option.Description ?? "";
        if (option.Required)
        {
            return $"{description} Required.";
        }

        return option.HasDefaultValue && option.Arity.MaximumNumberOfValues > 0 && Shown(option.GetDefaultValue()) is { Length: > 0 } value
            ? $"{description} Default: {value}."
            : description;
    }

    private static string Shown(object? value) => value switch
    {
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };

    private static void WriteRow(string left, string right, TextWriter output, int width, int leftWidth)
    {
        string start = new string(' ', Indent) + left;
        int column = Indent + leftWidth + Gap;
        bool fits = start.Length + Gap <= column;
        output.Write(fits ? start.PadRight(column) : start);
        if (!fits)
        {
            output.WriteLine();
            output.Write(new string(' ', column));
        }

        string separator = "\n" + new string(' ', column);
        output.WriteLine(string.Join(separator, Wrap(right, Math.Max(width - column, 30))).ReplaceLineEndings(output.NewLine));
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        string line = "";
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}

/// <summary>Commands that belong together.</summary>
/// <param name="Title">What they are for.</param>
/// <param name="Commands">The commands.</param>
internal sealed record CommandSection(string Title, IReadOnlyList<GmtCommand> Commands);
