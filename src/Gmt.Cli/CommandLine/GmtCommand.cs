using System.CommandLine;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>A command of the tool: its options in groups, and what it does.</summary>
internal abstract class GmtCommand(string name, string description) : System.CommandLine.Command(name, description)
{
    private readonly List<OptionGroup> _groups = [];

    /// <summary>The options as the help shows them.</summary>
    public IReadOnlyList<OptionGroup> Groups => _groups;

    /// <summary>
    /// Options that the Python script of the same name lacks: where its own make a shortened name unambiguous, they do not count.
    /// </summary>
    public virtual IReadOnlyList<Option> Additions => [];

    /// <summary>The command of the Python script of the same purpose, to which <c>--compat</c> hands the line; null for none.</summary>
    public virtual string? Script => null;

    /// <summary>Whether several processes that <c>gmt launch</c> or another launcher started share the work of one call.</summary>
    public virtual bool SharesWork => false;

    /// <summary>What follows the name where the command is called; null for its arguments, what it requires, and options.</summary>
    public virtual string? Call => null;

    /// <summary>What the help says below the options; empty for nothing.</summary>
    public virtual string Epilogue => SharesWork ? RankedRun.Help : "";

    /// <summary>A worked example that ends the help: what is typed after <c>gmt</c>; a backslash ends a line that goes on.</summary>
    public abstract string Example { get; }

    /// <summary>Does the work and returns the exit code.</summary>
    public abstract int Execute(CommandContext context);

    /// <summary>Adds groups of options.</summary>
    protected void Add(IEnumerable<OptionGroup> groups)
    {
        foreach (OptionGroup group in groups)
        {
            Add(group.Title, [.. group.Options]);
        }
    }

    /// <summary>Adds options under a title.</summary>
    protected void Add(string title, params Option[] options)
    {
        _groups.Add(new OptionGroup(title, options));
        foreach (Option option in options)
        {
            Add(option);
        }
    }
}

/// <summary>Options that belong together.</summary>
/// <param name="Title">What they govern.</param>
/// <param name="Options">The options.</param>
internal sealed record OptionGroup(string Title, IReadOnlyList<Option> Options);
