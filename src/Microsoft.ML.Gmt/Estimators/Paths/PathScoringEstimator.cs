using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Scores triples of a graph by a path model that was trained elsewhere: nothing is trained here.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use [ApplyPathModel](xref:Microsoft.ML.PathModelCatalog.ApplyPathModel*).
///
/// ### Input and output columns
/// Head, relation and tail are text, or keys with text key values; head and tail share one vocabulary. The transformer adds
///
/// | column | type | what it is |
/// | --- | --- | --- |
/// | `Score` | Single | the mean of both logits; not calibrated |
/// | `HeadScore`, `TailScore` | Single | the logit of the head among the heads of (?, relation, tail), and of the tail among the tails |
/// | `Known` | Boolean | whether the graph has the row's names; where not, the scores are NaN |
///
/// ### Estimator characteristics
/// | | |
/// | --- | --- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | text, or key with text key values |
/// | Output column data type | Single, Boolean |
/// | Required NuGet in addition to Microsoft.ML | Gmt.MLNet, and libtorch for the system, such as libtorch-cpu-linux-x64 |
/// | Exportable to ONNX | No |
///
/// ### Training algorithm details
/// `Fit` reads no rows. The model is ULTRA (Galkin et al. 2024, arXiv 2310.04562): one network of messages over a graph of the
/// relations, which says what they are to each other, and one over the entities, which starts from the entity that is asked about. It has
/// no parameter for any entity or relation, so its weights serve graphs that it never saw. Edges are the graph's training triples; a row
/// that is one of them is scored without it. Where no file is given, the weights are those of a smaller model of the same architecture
/// that the library carries, trained on FB15k-237 and WN18RR. What weights were trained on is told by `PathScoringTransformer.Origin`: say
/// so beside a figure.
/// ]]></format>
/// </remarks>
/// <example>
/// A catalog of products, scored by a model that never saw it:
/// <code>
/// var ml = new MLContext();
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("products.csv");
/// IDataView triples = graph.ToDataView();
/// PathScoringEstimator estimator = ml.Transforms.ApplyPathModel(graph, "models/ultra_50g.pth");
/// using PathScoringTransformer model = estimator.Fit(triples);   // reads no rows
/// float[] scores = [.. model.Transform(triples).GetColumn&lt;float>("Score")];
/// </code>
/// </example>
/// <seealso cref="PathModelCatalog"/>
/// <seealso cref="Options"/>
/// <seealso cref="PathScoringTransformer"/>
public sealed partial class PathScoringEstimator : IEstimator<PathScoringTransformer>
{
    private readonly IHost _host;
    private readonly KnowledgeGraph _graph;
    private readonly FoundationModel _model;
    private readonly PathScoringSettings _settings;

    internal PathScoringEstimator(IHostEnvironment environment, KnowledgeGraph graph, Func<FoundationModel> model, Options options)
    {
        options.Check();
        _host = environment.Register(nameof(PathScoringEstimator));
        _graph = graph;
        _model = model();
        _settings = PathScoringSettings.Of(options, _model.Origin);
    }

    /// <summary>The schema of transformed data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        TripleBinding.Check(inputSchema, _settings.Columns);
        return inputSchema.With(PathScoringMapper.Columns(_settings));
    }

    /// <summary>Makes the transformer; no row is read.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    public PathScoringTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _ = new TripleBinding(input.Schema, _settings.Columns);
        var scorer = new PathScorer(_model, _graph, mostNewEntities: _settings.MaximumExpandedEntities);
        return new PathScoringTransformer(_host, scorer, _settings);
    }
}
