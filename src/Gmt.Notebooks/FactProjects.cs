using System.Text;
using Microsoft.ML.Gmt.Notebooks.Projects;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Notebooks;

/// <summary>A console project and a minimal web API that judge facts by a saved model, as ML.NET's Model Builder writes them.</summary>
/// <remarks>
/// Both have the model beside them, and of this library the package <c>Gmt.MLNet</c> alone. The web API answers names that the graph lacks
/// with 422 and what may have been meant.
/// </remarks>
public sealed class FactProjects
{
    private static readonly string[] s_kinds = ["console", "web"];

    private FactProjects(string folder) => Folder = folder;

    /// <summary>The folder that holds the model, <c>console</c> and <c>web</c>.</summary>
    public string Folder { get; }

    /// <summary>Writes both projects. Files of an earlier call are overwritten.</summary>
    /// <param name="modelFile">
    /// A model that was saved by <c>ml.Model.Save</c>: one with the columns <c>PredictedLabel</c> and <c>Probability</c> and a transformer
    /// of this library, or a path model by itself.
    /// </param>
    /// <param name="folder">Where to; it is created where it is missing.</param>
    /// <param name="head">The head of the fact that the console program judges when it is given none.</param>
    /// <param name="relation">Its relation.</param>
    /// <param name="tail">Its tail.</param>
    /// <param name="packages">
    /// Further packages that the model needs, by name, with their versions, such as <c>Microsoft.ML.LightGbm</c>.
    /// </param>
    /// <exception cref="NotSupportedException">The model gives no verdicts.</exception>
    /// <exception cref="IOException">The model cannot be read, or a file cannot be written.</exception>
    /// <example>
    /// <code>
    /// using PathScoringTransformer paths = ml.Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());
    /// ml.Model.SaveAtomically(paths, graph.ToDataView().Schema, "facts.zip");
    /// Console.WriteLine(FactProjects.Write("facts.zip", "facts", "Sweden", "member of", "European Southern Observatory"));
    /// </code>
    /// </example>
    public static FactProjects Write(
        string modelFile, string folder, string head, string relation, string tail, IReadOnlyDictionary<string, string>? packages = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFile);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(relation);
        ArgumentNullException.ThrowIfNull(tail);
        SavedModel model = SavedModel.Read(modelFile);
        string name = Path.GetFileName(modelFile), copy = Path.Combine(folder, name);
        if (Path.GetFullPath(copy) != Path.GetFullPath(modelFile))
        {
            using FileStream source = File.OpenRead(modelFile);
            AtomicFile.Write(copy, source.CopyTo);
        }

        var project = new Dictionary<string, string>
        {
            ["PACKAGES"] = ProjectPackages.Lines(packages ?? new Dictionary<string, string>()),
            ["MODEL"] = ProjectText.Escape(name),
        };
        var code = new Dictionary<string, string>
        {
            ["MODEL"] = Template.Literal(name),
            ["HEAD"] = Template.Literal(head),
            ["RELATION"] = Template.Literal(relation),
            ["TAIL"] = Template.Literal(tail),
            ["GRAPH"] = model.Graph,
            ["EVIDENCE"] = model.Explains ? "verdict.Explanation.Split(\"; \", StringSplitOptions.RemoveEmptyEntries)" : "[]",
            ["EVIDENCECOLUMN"] = model.Explains ? "\n\n        public string Explanation { get; set; } = \"\";" : "",
        };
        foreach (string kind in s_kinds)
        {
            WriteText(Path.Combine(folder, kind, $"{kind}.csproj"), Template.Fill($"{kind}.csproj", project));
            WriteText(Path.Combine(folder, kind, "Program.cs"), Template.Fill($"{kind}.Program.cs", code));
            WriteText(Path.Combine(folder, kind, "FactJudge.cs"), Template.Fill(model.Template, code));
        }

        return new FactProjects(folder);
    }

    /// <summary>How to run them.</summary>
    public override string ToString()
    {
        string quote = Folder.Contains(' ', StringComparison.Ordinal) ? "\"" : "";
        return string.Join('\n', s_kinds.Select(kind => $"dotnet run --project {quote}{Folder}/{kind}{quote}"));
    }

    private static void WriteText(string path, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }
}
