using System.CommandLine;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>Finds prompt templates: those that come with the library, those of a user beside the scripts, and files.</summary>
internal static class TemplateFile
{
    private const string Folder = "templates", Ending = ".json";

    /// <summary>A new option that names one.</summary>
    public static Option<string> NewOption() => Flag.Text(
        "--prompt_template_name", $"The text around a question: {string.Join(", ", PromptTemplate.Names)}, or a template file.",
        PromptTemplate.Names[0], "NAME");

    /// <summary>The template that <c>--prompt_template_name</c> means.</summary>
    /// <param name="name">A name, or a file.</param>
    /// <exception cref="CommandFailure">There is no such template.</exception>
    public static PromptTemplate Find(string name)
    {
        if (name.Length == 0 || PromptTemplate.Names.Contains(name))
        {
            return PromptTemplate.Named(name);
        }

        // The scripts keep theirs in a folder beside them, where they are mostly called from.
        string beside = Path.Combine(Folder, name + Ending);
        return File.Exists(beside) ? PromptTemplate.Read(beside)
            : File.Exists(name) ? PromptTemplate.Read(name)
            : throw new CommandFailure(
                $"there is no prompt template '{name}': give one of {string.Join(", ", PromptTemplate.Names)}, a template file, or the name of one "
                + $"in the folder '{Folder}' here");
    }

    /// <summary>Options that load a finetuned folder with its template.</summary>
    /// <param name="name">A name, or a file.</param>
    /// <exception cref="CommandFailure">There is no such template.</exception>
    public static GmtScoringOptions Options(string name) => new() { Text = new GmtTextOptions { Template = Find(name) } };
}
