using System.CommandLine;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>How files of names are laid out, where that is not to be found from the files: of all, or of one split's.</summary>
internal sealed class DelimitedFlags
{
    private const string Auto = "auto", Yes = "yes", No = "no";

    private static readonly Dictionary<string, char> NamedDelimiters = new(StringComparer.Ordinal)
    {
        ["tab"] = '\t',
        ["comma"] = ',',
        ["semicolon"] = ';',
        ["bar"] = '|',
        ["space"] = ' ',
        ["\\t"] = '\t', // what a shell leaves of "\t"
    };

    private readonly Option<string> _delimiter;
    private readonly Option<string> _columns;
    private readonly Option<string> _header;
    private readonly Option<string> _quoted;

    /// <param name="prefix">What the options' names begin with: nothing, <c>valid_</c> or <c>test_</c>.</param>
    /// <param name="where">Which files are meant.</param>
    public DelimitedFlags(string prefix = "", string where = "")
    {
        string other = prefix.Length > 0 ? $", {where}" : "";
        _delimiter = Flag.Text(
            $"--{prefix}delimiter", $"The character between names, or tab, comma, semicolon, bar, space{other}; found without "
            + "it.", form: "CHAR");
        _columns = Flag.Text(
            $"--{prefix}columns", $"A letter a column: h head, r relation, t tail, l label, _ ignored{other}; found without "
            + "it.", form: "HRT");
        _header = Flag.Choice($"--{prefix}header", $"Whether the first line names the columns{other}.", Auto, Yes, No);
        _quoted = Flag.Choice($"--{prefix}quoted", $"Whether names may stand in quotation marks{other}.", Auto, Yes, No);
    }

    /// <summary>All options.</summary>
    public Option[] All => [_delimiter, _columns, _header, _quoted];

    /// <summary>Whether one of them was given.</summary>
    public bool IsGiven(CommandContext context) => All.Any(context.IsGiven);

    /// <summary>The layout that the options tell.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="otherwise">What is not given is as here.</param>
    /// <exception cref="UsageError">A delimiter is no single character.</exception>
    public DelimitedFormat Format(CommandContext context, DelimitedFormat otherwise)
    {
        string? Given(Option<string> option) => context.IsGiven(option) && context.Get(option) is { Length: > 0 } text ? text : null;
        return new DelimitedFormat
        {
            Delimiter = Given(_delimiter) is { } delimiter ? Character(delimiter) : otherwise.Delimiter,
            Columns = Given(_columns) ?? otherwise.Columns,
            HasHeader = Truth(Given(_header)) ?? otherwise.HasHeader,
            Quoted = Truth(Given(_quoted)) ?? otherwise.Quoted,
            TrimWhitespace = otherwise.TrimWhitespace,
        };
    }

    private char Character(string text) =>
        NamedDelimiters.TryGetValue(text, out char named) ? named
        : text.Length == 1 ? text[0]
        : throw new UsageError($"{_delimiter.Name}: '{text}' is not a character, nor one of tab, comma, semicolon, bar, space");

    private static bool? Truth(string? word) => word is null or Auto ? null : word == Yes;
}
