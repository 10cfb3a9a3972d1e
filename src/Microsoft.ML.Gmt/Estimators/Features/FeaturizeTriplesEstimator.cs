using Microsoft.ML.Gmt.Features;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Turns triples into named numbers: what a graph's other facts say for and against each, as a vector for any trainer.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use [FeaturizeTriples](xref:Microsoft.ML.FeaturizeTriplesCatalog.FeaturizeTriples*).
///
/// ### Input and output columns
/// Head, relation and tail are text, or keys with text key values; head and tail share one vocabulary. A label is neither needed nor
/// read. The transformer adds a vector of Single whose slots have names (the annotation `SlotNames`), and
///
/// | column | type | what it is |
/// | --- | --- | --- |
/// | `Known` | Boolean | whether the graph has the row's names; where not, all features are NaN |
///
/// ### Estimator characteristics
/// | | |
/// | --- | --- |
/// | Does this estimator need to look at the data to train its parameters? | Only with scorers: whether rows are edges of the graph |
/// | Input column data type | text, or key with text key values |
/// | Output column data type | vector of Single, with slot names |
/// | Required NuGet in addition to Microsoft.ML | Gmt.MLNet, and for the edge memory libtorch, such as libtorch-cpu-linux-x64 |
/// | Exportable to ONNX | No |
///
/// ### Training algorithm details
/// Features know the graph's training triples and nothing else: no validation or test triple, and no label. Every triple is seen as if
/// the graph had never stated it. They are counts, shares and confidences: how the relation is used, degrees of both ends, other
/// relations between them, rules of one and two steps mined from the graph, what goes together with the edge that the triple would add,
/// common neighbors, votes of neighbors by text, and the edge memory, a ridge regression in closed form (Steck 2019). Scores of other
/// models join them, twelve slots a model. docs/features.md lists every slot.
/// ]]></format>
/// </remarks>
/// <example>
/// <code>
/// var ml = new MLContext(seed: 42);
/// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
/// FeaturizeTriplesEstimator estimator = ml.Transforms.FeaturizeTriples("Features", graph);
/// using FeaturizeTriplesTransformer features = estimator.Fit(graph.ToDataView(GraphSplit.Validation));
/// for (int slot = 0; slot &lt; features.SlotNames.Count; slot++)
/// {
///     Console.WriteLine($"{features.SlotNames[slot]}: {features.SlotMeanings[slot]}");
/// }
/// </code>
/// </example>
/// <seealso cref="FeaturizeTriplesCatalog"/>
/// <seealso cref="Options"/>
/// <seealso cref="FeaturizeTriplesTransformer"/>
public sealed partial class FeaturizeTriplesEstimator : IEstimator<FeaturizeTriplesTransformer>
{
    private readonly IHost _host;
    private readonly KnowledgeGraph _graph;
    private readonly Options _options;
    private readonly FeaturizeTriplesSettings _settings;

    internal FeaturizeTriplesEstimator(IHostEnvironment environment, string outputColumnName, KnowledgeGraph graph, Options options)
    {
        options.Check();
        OutputNames.Check(outputColumnName, options.KnownColumnName);
        if (options.EntityVectors is { } vectors && vectors.Count != graph.Entities.Count)
        {
            throw new ArgumentException(
                $"There are {vectors.Count:N0} entity vectors for {graph.Entities.Count:N0} entities; give one for each, in the order of "
                + "their ids, and an empty one where there is no text.", nameof(options));
        }

        _host = environment.Register(nameof(FeaturizeTriplesEstimator));
        (_graph, _options) = (graph, options);
        _settings = new FeaturizeTriplesSettings
        {
            OutputColumnName = outputColumnName,
            KnownColumnName = options.KnownColumnName,
            Columns = options.Columns,
            HasEdgeMemory = options.EdgeMemory ?? graph.Entities.Count <= DenseRidgeInverse.MostEntities,
            EdgeMemoryRegularization = options.EdgeMemoryRegularization,
            HasTextNeighbors = options.EntityVectors is not null,
            Scorers = [.. options.Scorers.Select(scorer => scorer.Name)],
            IsFolded = [.. options.Scorers.Select(_ => false)],
            NumberOfFolds = options.NumberOfFolds,
            Seed = options.Seed ?? MlNetInternals.Seed(environment) ?? RandomStreams.DefaultSeed,
            BatchSize = options.TransformBatchSize,
            UnknownNameHandling = options.UnknownNameHandling,
        };
    }

    /// <summary>The schema of transformed data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        TripleBinding.Check(inputSchema, _options.Columns);
        return inputSchema.With(FeaturizeTriplesMapper.Columns(_settings));
    }

    /// <summary>Mines the graph, and fits the scorers that are estimators.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The input lacks a column, or it has a wrong type.</exception>
    /// <exception cref="ArgumentException">A scorer scores no triples, or is of a graph with other names.</exception>
    /// <exception cref="InvalidOperationException">
    /// Rows are edges of the graph, and a fitted scorer may have seen them and can't mask.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public FeaturizeTriplesTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var cancellation = new HostCancellation(_host, _options.CancellationToken);
        var edges = new SignedEdges(_graph);
        (Triple[] stated, Triple[] others) = Rows(input, edges);
        var folds = new TripleFolds(_options.NumberOfFolds, _settings.Seed);
        var fitting = new ScorerFitting(_graph, _options.Columns, folds, Say, cancellation.Token);
        List<FeatureScorerModel> scorers = [];
        try
        {
            foreach (FeatureScorer scorer in _options.Scorers)
            {
                scorers.Add(fitting.Fit(scorer, stated, others));
            }

            TextNeighbors? texts = FindTextNeighbors(cancellation.Token);
            FeaturizeTriplesSettings settings = _settings with { IsFolded = [.. scorers.Select(scorer => scorer.Parts.Count > 0)] };
            TripleFeatures features = TripleFeatures.Make(
                edges, settings, texts, [.. scorers.Select(scorer => scorer.For(_graph, folds))], Say, cancellation.Token);
            return new FeaturizeTriplesTransformer(_host, _graph, settings, texts, scorers, () => features);
        }
        catch
        {
            scorers.ForEach(scorer => scorer.Dispose());
            throw;
        }
    }

    private TextNeighbors? FindTextNeighbors(CancellationToken cancellationToken) => _options.EntityVectors is { } vectors
        ? TextNeighbors.Find(
            [.. vectors.Select(vector => (ReadOnlyMemory<float>)vector)], _options.NumberOfTextNeighbors, cancellationToken)
        : null;

    /// <summary>
    /// The triples that scorers must not have seen: edges of the graph that are rows or that rows were drawn from, and all other rows.
    /// </summary>
    private (Triple[] Stated, Triple[] Others) Rows(IDataView input, SignedEdges edges)
    {
        var binding = new TripleBinding(input.Schema, _options.Columns);
        if (_options.Scorers.Count == 0)
        {
            return ([], []);
        }

        NameCount count = new UnknownNames(_host, _options.UnknownNameHandling, UnknownNames.LeftOut).NewCount();
        HashSet<Triple> stated = [], others = [];
        using DataViewRowCursor cursor = input.GetRowCursor(binding.QueryColumns.DistinctBy(column => column.Index));
        Func<TripleQuery?> reader = binding.NewQueryReader(cursor, _graph, count);
        while (cursor.MoveNext())
        {
            if (reader() is { } query)
            {
                var masked = new MaskedEdges(edges, query);
                _ = masked.HiddenCount > 0 ? stated.Add(masked.Hidden(0)) : others.Add(query.Triple);
            }
        }

        count.Report();
        return ([.. stated], [.. others]);
    }

    private void Say(string line)
    {
        ReadingLog.Write(_host, line);
        _options.Progress?.Report(line);
    }
}
