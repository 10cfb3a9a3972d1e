using System.Text.RegularExpressions;
using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Which model it is: names, sizes and hashes of its files, and the settings that they record.</summary>
internal static partial class ModelIdentity
{
    private const string Config = "config.json";

    /// <summary>What there is to say.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">What it is called.</param>
    public static IEnumerable<Report> Of(FactModel model, string name)
    {
        Report report = new Report($"Model {name}").With("scores of", model.ScorerName).With("language model", model.HasLanguageModel);
        if (model.PathModel is { } paths)
        {
            report.With("weights", ModelReport.Weights(paths)).With("SHA-256 of the weights", paths.Origin.Sha256);
        }

        // The graph alone is in the section of data; its path model is told by its weights.
        string[] files = model.PathModel is not null && !model.Source.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? []
            : File.Exists(model.Source) ? [model.Source] : Directory.Exists(model.Source) ? Directory.GetFiles(model.Source) : [];
        yield return report.With(new ReportTable(
            "Files", ["file", "size", "SHA-256"], [.. files.Order(StringComparer.Ordinal).Select(Row)]));
        foreach (Report settings in files.SelectMany(Settings))
        {
            yield return settings;
        }

        object?[] Row(string path)
        {
            using FileStream stream = File.OpenRead(path);
            ContentHash hash = ContentHash.Of(stream);
            return [Path.GetFileName(path), new ByteSize(hash.Length), hash.Sha256];
        }
    }

    // Paths of the machine that trained it are nobody's business: of a path the last name is left.
    private static IEnumerable<Report> Settings(string file)
    {
        IReadOnlyList<Report> recorded = [];
        if (file.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            recorded = ArchiveInspector.Settings(file);
        }
        else if (Path.GetFileName(file).EndsWith(Config, StringComparison.Ordinal))
        {
            recorded = [ConfigInspector.Settings(file)];
        }

        foreach (Report report in recorded)
        {
            string title = report.Title.Replace(file, Path.GetFileName(file), StringComparison.Ordinal);
            var clean = new Report($"Settings: {title.Replace(": JSON", "", StringComparison.Ordinal)}");
            clean.Facts.AddRange(report.Facts.Select(fact => (fact.Name, fact.Value is string text ? WithoutFolder(text) : fact.Value)));
            yield return clean;
        }
    }

    private static string WithoutFolder(string text) => Rooted().IsMatch(text) ? text.Split('/', '\\').Last(part => part.Length > 0) : text;

    [GeneratedRegex(@"^(/|\\\\|[A-Za-z]:[\\/]|~[\\/]).*[^/\\]")]
    private static partial Regex Rooted();
}
