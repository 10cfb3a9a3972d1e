using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Finds what a misspelt command or option may have meant.</summary>
internal static class Suggestion
{
    /// <summary>"; did you mean …?" with up to three names that are near; empty where none is.</summary>
    /// <param name="written">The name as it was typed.</param>
    /// <param name="names">The names there are.</param>
    public static string For(string written, IEnumerable<string> names) => NearTexts.Question(NearTexts.To(written, names));
}
