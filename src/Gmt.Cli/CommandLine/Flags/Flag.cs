using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Makes options whose values are written as Python's argparse takes them.</summary>
internal static class Flag
{
    /// <summary>A text, such as a path; an empty one mostly means none.</summary>
    public static Option<string> Text(string name, string description, string? defaultValue = "", string form = "TEXT") =>
        Fill(new Option<string>(name), description, form, defaultValue, (text, _) => text);

    /// <summary>A text that must be given.</summary>
    public static Option<string> RequiredText(string name, string description, string form)
    {
        Option<string> option = Text(name, description, null, form);
        option.Required = true;
        return option;
    }

    /// <summary>One of some words; the first is the default.</summary>
    public static Option<string> Choice(string name, string description, params string[] words)
    {
        Option<string> option = Text(name, $"{description} One of {string.Join(", ", words)}.", words[0], "WORD");
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    /// <summary>A whole number; what counts where it is not given may depend on other options (null).</summary>
    public static Option<int> Integer(string name, string description, int? defaultValue, OptionRangeAttribute range) => Fill(
        new RangedOption<int>(name, range), description, "N", defaultValue,
        (text, result) => PythonNumber.TryParseInteger(text, out int value) ? value
            : Refuse(result, name, "a whole number of 32 bits", text, 0));

    /// <summary>A whole number from one to another.</summary>
    public static Option<int> Integer(string name, string description, int? defaultValue, int least, int most = int.MaxValue) =>
        Integer(name, description, defaultValue, new OptionRangeAttribute(least, most));

    /// <summary>How often a run passes over its rows.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="rows">What the rows are called.</param>
    /// <param name="defaultValue">What counts where it is not given; null for as many as a budget has.</param>
    /// <param name="budget">The budget.</param>
    public static Option<int> Epochs(string name, string rows, int? defaultValue, EpochBudget budget) => Integer(
        name, $"Passes over the {rows}.{(defaultValue is null ? $" Without it {budget}." : "")}", defaultValue, least: 1, most: 1_000_000);

    /// <summary>A number; what counts where it is not given may depend on other things (null).</summary>
    public static Option<double> Number(string name, string description, double? defaultValue, OptionRangeAttribute range) => Fill(
        new RangedOption<double>(name, range), description, "X", defaultValue,
        (text, result) => PythonNumber.TryParse(text, out double value) ? value : Refuse(result, name, "a number", text, 0.0));

    /// <summary>On where it is given.</summary>
    public static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    private static Option<T> Fill<T>(
        Option<T> option, string description, string form, object? defaultValue, Func<string, ArgumentResult, T> parse)
    {
        option.Description = description;
        option.HelpName = form;
        option.Arity = ArgumentArity.ExactlyOne;
        option.CustomParser = result => parse(result.Tokens[0].Value, result);
        if (defaultValue is not null)
        {
            option.DefaultValueFactory = _ => (T)defaultValue;
        }

        return option;
    }

    private static T Refuse<T>(ArgumentResult result, string name, string expected, string text, T value)
    {
        result.AddError($"{name}: '{text}' is not {expected}");
        return value;
    }
}
