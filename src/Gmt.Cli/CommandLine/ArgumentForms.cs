using System.CommandLine;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>
/// Brings a command's arguments into one form, <c>--name=value</c>, from those that Python's argparse takes: <c>--name value</c>, an
/// unambiguous beginning of a name, an option twice of which the last counts. Dashes and underscores in names are the same.
/// </summary>
internal static class ArgumentForms
{
    /// <summary>Rewrites what follows the command's name.</summary>
    /// <param name="command">The command.</param>
    /// <param name="arguments">Its arguments as they were typed.</param>
    /// <exception cref="UsageError">A name is ambiguous or unknown, or a value is missing or too many.</exception>
    public static IReadOnlyList<string> Unify(System.CommandLine.Command command, IReadOnlyList<string> arguments)
    {
        var options = new OrderedDictionary<Option, string[]>();
        List<string> values = [];
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (argument == "--")
            {
                values.AddRange(arguments.Skip(i + 1));
                break;
            }

            if (!LooksLikeOption(argument))
            {
                values.Add(argument);
                continue;
            }

            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            string written = equals < 0 ? argument : argument[..equals];
            Option option = Find(command, written);
            string name = option.Name;
            options.Remove(option); // the last one counts, and in its place
            if (option.Arity.MaximumNumberOfValues == 0)
            {
                options[option] = equals < 0
                    ? [name]
                    : throw new UsageError($"{name} takes no value, but '{argument[(equals + 1)..]}' was given");
                continue;
            }

            bool follows = equals < 0 && i + 1 < arguments.Count && !LooksLikeOption(arguments[i + 1]) && arguments[i + 1] != "--";
            string value = equals >= 0 ? argument[(equals + 1)..]
                : follows ? arguments[++i]
                : throw new UsageError($"{name} needs a value");
            options[option] = value.Length == 0 ? [name, ""] : [$"{name}={value}"];
        }

        return [.. options.Values.SelectMany(form => form), "--", .. values];
    }

    /// <summary>As argparse decides: it begins with a dash, is no negative number and has no blank. A single dash is a value.</summary>
    private static bool LooksLikeOption(string argument) =>
        argument.Length > 1 && argument[0] == '-' && argument != "--" && !PythonNumber.TryParse(argument, out _)
        && (!argument.Contains(' ', StringComparison.Ordinal)
            || (argument.StartsWith("--", StringComparison.Ordinal) && argument.Contains('=', StringComparison.Ordinal)));

    private static Option Find(System.CommandLine.Command command, string written)
    {
        Option[] all = [.. Visible(command)];
        if (all.FirstOrDefault(option => option.Name == written || option.Aliases.Contains(written)) is { } exact)
        {
            return exact;
        }

        if (!written.StartsWith("--", StringComparison.Ordinal))
        {
            throw Unknown(all, written);
        }

        string wanted = Plain(written);
        Option[] found = [.. all.Where(option => Plain(option.Name) == wanted)];
        found = found.Length > 0 ? found : [.. all.Where(option => Plain(option.Name).StartsWith(wanted, StringComparison.Ordinal))];
        found = found.Length > 1 && command is GmtCommand own && found.Except(own.Additions).ToArray() is [var only] ? [only] : found;
        return found.Length switch
        {
            1 => found[0],
            0 => throw Unknown(all, written),
            _ => throw new UsageError($"{written} is ambiguous: it could be {string.Join(", ", found.Select(option => option.Name))}"),
        };
    }

    private static IEnumerable<Option> Visible(System.CommandLine.Command command) =>
        command.Options.Concat(
            command.Parents.OfType<System.CommandLine.Command>().SelectMany(parent => parent.Options.Where(option => option.Recursive)));

    private static string Plain(string name) => name.Replace('-', '_');

    private static UsageError Unknown(IReadOnlyList<Option> options, string written) => new(
        $"there is no option {written}{Suggestion.For(written, options.Select(option => option.Name))}");
}
