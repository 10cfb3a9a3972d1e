using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;

namespace Benchmarks.Accuracy;

/// <summary>
/// Verdicts on labeled triples by all that the library has. Features and raw scores are kept in <c>GMT_ACCURACY_FOLDER</c>
/// (artifacts/accuracy), so that a run goes on where the last one ended and rows may be made one by one: <c>GMT_ACCURACY_ROWS</c> names
/// those to be made by how they begin (all), <c>GMT_ACCURACY_SEEDS</c> the seeds (1,2,3), <c>GMT_ACCURACY_GRAPH</c> the graph: codex-s,
/// fb15k-237n, or catalogue-N with N facts.
/// </summary>
internal sealed class AccuracyQuality : IBenchmark
{
    private static readonly (string Name, string What, string? Than)[] _table =
    [
        ("threshold-edges", "edge memory, a threshold for each relation", null),
        ("threshold-complex", "ComplEx, a threshold for each relation", null),
        ("threshold-own", "the package's path model untrained, a threshold for each relation", null),
        ("threshold-ultra_3g", "ULTRA 3g untrained, a threshold for each relation", null),
        ("threshold-ultra_50g", "ULTRA 50g untrained, a threshold for each relation", null),
        ("threshold-ultra_all", "three checkpoints of ULTRA averaged, a threshold for each relation", "threshold-ultra_50g"),
        ("trees-graph", "LightGBM on the graph's features", null),
        ("trees-nokinds", "LightGBM on the graph's features without kinds", "trees-graph"),
        ("trees-complex", "LightGBM, and ComplEx", "trees-graph"),
        ("trees-complex500", "LightGBM, and ComplEx by steps of 500 queries", "trees-complex"),
        ("trees-text", "LightGBM, ComplEx, and votes by text", "trees-complex"),
        ("trees-own", "LightGBM, ComplEx, text, and the package's path model", "trees-complex"),
        ("trees-paths", "LightGBM, the graph's features, and ULTRA 3g", "trees-complex"),
        ("trees-both", "LightGBM, ComplEx, and ULTRA 3g", "trees-complex"),
        ("trees-all", "LightGBM, ComplEx, text, and three checkpoints of ULTRA", "trees-complex"),
        ("network-complex", "plain network on features and ComplEx (control)", "trees-complex"),
        ("network-own", "plain network on the columns of trees-own (control)", "trees-own"),
        ("network-both", "plain network on features, ComplEx, and ULTRA 3g (control)", "trees-both"),
        ("network-all", "plain network on all columns (control)", "trees-all"),
        ("mean-complex", "network and LightGBM, ComplEx", "trees-complex"),
        ("mean-own", "network and LightGBM, the columns of trees-own", "trees-own"),
        ("mean-both", "network and LightGBM, ComplEx and ULTRA 3g", "trees-both"),
        ("mean-all", "network and LightGBM, all columns", "trees-all"),
        ("smollm2-words", "SmolLM2 alone, no memory, a threshold for each relation", null),
        ("smollm2-contexts", "GMT, SmolLM2, relation contexts alone", "smollm2-words"),
        ("smollm2-complex", "GMT, SmolLM2, features and ComplEx", "trees-complex"),
        ("smollm2-both", "GMT, SmolLM2, features, ComplEx, and ULTRA 3g", "trees-both"),
        ("smollm2-all", "GMT, SmolLM2, features, ComplEx, text, and three checkpoints of ULTRA", "trees-all"),
        ("tiny-words", "tiny LLaMA alone, no memory, a threshold for each relation", null),
        ("tiny-contexts", "GMT, tiny LLaMA, relation contexts alone", "tiny-words"),
        ("tiny-features", "GMT, tiny LLaMA, features and ComplEx without relation contexts", "network-complex"),
        ("tiny-prefix", "tiny LLaMA, features and ComplEx as tokens of the prompt", "tiny-features"),
        ("tiny-complex", "GMT, tiny LLaMA, features and ComplEx", "network-complex"),
        ("tiny-both", "GMT, tiny LLaMA, features, ComplEx, and ULTRA 3g", "network-both"),
        ("tiny-all", "GMT, tiny LLaMA, all columns", "network-all"),
        ("tiny-stacked", "GMT, tiny LLaMA, all columns and the trees' log-odds", "trees-all"),
        ("smollm2-stacked", "GMT, SmolLM2, all columns and the trees' log-odds", "trees-all"),
        ("blend-complex", "GMT (tiny LLaMA) and trees, ComplEx", "trees-complex"),
        ("blend-both", "GMT (tiny LLaMA) and trees, ComplEx and ULTRA 3g", "trees-both"),
        ("blend-all", "GMT (tiny LLaMA) and trees, all columns", "trees-all"),
        ("average-complex", "GMT (SmolLM2) and trees, ComplEx", "trees-complex"),
        ("average-both", "GMT (SmolLM2) and trees, ComplEx and ULTRA 3g", "trees-both"),
        ("average-all", "GMT (SmolLM2) and trees, all columns", "trees-all"),
    ];

    public string Verb => "accuracy";

    public string What => "verdicts on CoDEx-S's labeled triples by features, trees, GMT and path models; hours, goes on where it ended";

    public bool IsLong => true;

    private static string Setting(string name, string otherwise) => Environment.GetEnvironmentVariable(name) ?? otherwise;

    public void Run()
    {
        string folder = Setting("GMT_ACCURACY_FOLDER", Path.Combine("artifacts", "accuracy"));
        string[] only = Setting("GMT_ACCURACY_ROWS", "").Split(',');
        int[] seeds = Array.ConvertAll(
            Setting("GMT_ACCURACY_SEEDS", "1,2,3").Split(','), text => int.Parse(text, CultureInfo.InvariantCulture));
        string graph = Setting("GMT_ACCURACY_GRAPH", "codex-s");
        var rows = new LabeledRows(graph, Graph(graph));
        var features = new CachedFeatures(rows, folder);
        string own = Path.Combine(folder, rows.Name);
        var columns = new AccuracyColumns(features, own);
        using var models = new LanguageModels(rows);
        foreach ((string name, _, _) in _table)
        {
            if (Array.Exists(only, start => name.StartsWith(start, StringComparison.Ordinal)))
            {
                foreach (int seed in seeds)
                {
                    Make(rows, own, name, seed, features, columns, models);
                }
            }
        }

        AccuracyTable.Print(rows, own, _table);
    }

    private static KnowledgeGraph Graph(string name)
    {
        if (name.Split('-') is ["catalogue", string count])
        {
            return Machine.Catalogue(int.Parse(count, CultureInfo.InvariantCulture)).Split(seed: 1);
        }

        return new MLContext(seed: 1).Data.LoadKnowledgeGraph(name == "codex-s" ? Machine.DataSet(name) : Machine.SharedDataSet(name)
            ?? throw new DirectoryNotFoundException($"There is no graph '{name}' in shared/datasets beside the repository."));
    }

    private static void Make(
        LabeledRows rows, string folder, string name, int seed, CachedFeatures features, AccuracyColumns columns, LanguageModels models)
    {
        (string kind, string what) = (name.Split('-')[0], name[(name.IndexOf('-') + 1)..]);
        if (!AccuracyColumns.CanMake(what) || (kind == "smollm2" && models.SmolLm2 is null))
        {
            return;
        }

        Func<int, FeatureMatrix> of = some => columns.Of(what, some);
        switch (kind)
        {
            case "threshold" when what == "complex":
                ThresholdRows.OfScorers(rows, folder, name, seed, [features.OfEmbedding(KgeModel.ComplEx, 256, null, seed)]);
                break;
            case "threshold" when seed == 1 && what == "edges":
                ThresholdRows.Get(rows, folder, name, 1, [("EdgeMemory.Sum", features.OfGraph().Column("EdgeMemory.Sum"))]);
                break;
            case "threshold" when seed == 1 && what == "ultra_all":
                ThresholdRows.OfScorers(
                    rows, folder, name, 1, [.. AccuracyColumns.Checkpoints.Select(checkpoint => features.OfCheckpoint(checkpoint)!)]);
                break;
            case "threshold" when seed == 1 && what == "own":
                ThresholdRows.OfScorers(rows, folder, name, 1, [features.OfOwnPaths()]);
                break;
            case "threshold" when seed == 1 && what != "complex":
                ThresholdRows.OfScorers(rows, folder, name, 1, [features.OfCheckpoint(what)!]);
                break;
            case "trees":
                TreeRows.Get(rows, folder, name, seed, of);
                break;
            case "network":
                NetworkRows.Get(rows, folder, name, seed, of);
                break;
            case "smollm2" or "tiny":
                Ask(rows, folder, name, seed, kind == "tiny" ? models.Tiny : models.SmolLm2!, columns);
                break;
            case "mean" or "blend" or "average":
                string other = kind switch { "mean" => "network", "blend" => "tiny", _ => "smollm2" };
                AverageRows.Make(folder, name, $"{other}-{what}", $"trees-{what}");
                break;
        }
    }

    private static void Ask(
        LabeledRows rows, string folder, string name, int seed, Lazy<GmtVerdicts> verdicts, AccuracyColumns columns)
    {
        string what = name[(name.IndexOf('-') + 1)..];
        switch (what)
        {
            case "words" when seed == 1:
                GmtRows.Words(rows, folder, name, verdicts);
                break;
            case "words":
                break;
            case "contexts":
                GmtRows.Get(rows, folder, name, seed, verdicts, columns: null);
                break;
            case "features":
                GmtRows.Get(rows, folder, name, seed, verdicts, some => columns.Of("complex", some), contexts: false);
                break;
            case "prefix":
                GmtRows.Prefix(rows, folder, name, seed, verdicts, columns.Of("complex", seed));
                break;
            default:
                GmtRows.Get(rows, folder, name, seed, verdicts, some => columns.Of(what, some));
                break;
        }
    }
}
