using System.CommandLine;
using Microsoft.ML.Gmt.Compatibility;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>How a model was made stands in its folder: what a command line says otherwise is a mistake.</summary>
internal static class SavedSettings
{
    /// <summary>Refuses options that contradict the folder.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="saved">What the folder says.</param>
    /// <param name="options">The options that it decides.</param>
    /// <exception cref="UsageError">An option was given, and the folder says something else.</exception>
    public static void Check(CommandContext context, PythonArguments saved, IEnumerable<Option> options)
    {
        foreach (Option option in options.Where(context.IsGiven))
        {
            (string name, object? given) = context.Setting(option);
            object? other = !saved.Contains(name) ? given : given switch
            {
                string text => saved.Get(name, text),
                bool truth => saved.Get(name, truth),
                int number => saved.Get(name, number),
                double number => saved.Get(name, number),
                _ => given,
            };
            if (!Equals(given, other))
            {
                throw new UsageError($"{option.Name} is {given}, but {saved.Path} says {other}; leave the option out");
            }
        }
    }
}
