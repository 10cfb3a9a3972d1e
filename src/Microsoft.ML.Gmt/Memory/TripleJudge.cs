using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>Asks a model about triples of its graph: whether they hold, what it answers in words, and which edges it read.</summary>
/// <remarks>
/// Triples of a call share forward passes: give as many as fit into memory. Many threads may use one judge. When its transformer is
/// disposed, calls under way end with their answers, and later ones with an <see cref="ObjectDisposedException"/>.
/// </remarks>
/// <example>
/// <code>
/// GmtTransformer model = ml.Transforms.SgmPretrain(graph).Append(ml.Transforms.GmtFinetune("models/tiny-llama"))
///     .Fit(graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1)).LastTransformer;
/// TripleJudge judge = model.GetJudge();
/// Triple[] questions = [.. graph.Triples(GraphSplit.Test)[..8]];
/// IReadOnlyList&lt;Verdict> verdicts = judge.Judge(questions);
/// IReadOnlyList&lt;IReadOnlyList&lt;EdgeReading>> reasons = judge.Explain(questions, count: 1);
/// for (int i = 0; i &lt; questions.Length; i++)
/// {
///     string read = reasons[i] is [EdgeReading first, ..] ? graph.TripleText(first.Fact) : "nothing";
///     Console.WriteLine($"{graph.TripleText(questions[i])}: {verdicts[i].Probability:p0}, read {read}");
/// }
/// </code>
/// </example>
public sealed class TripleJudge
{
    internal const int DefaultEdges = 5;

    private readonly GmtModel _model;
    private readonly TextTokenizer _tokenizer;
    private readonly TriplePrompt _prompt;
    private readonly PromptTemplate _template;
    private readonly QueryMask _mask;
    private readonly VerdictScorer _scorer;
    private readonly AnswerScorer _answers;
    private readonly Lazy<KnownTriples> _stated;
    private readonly NativeLifetime _lifetime = NativeLifetime.Endless;

    /// <summary>Gives the features of triples to a model that reads some, where they are asked about without a row.</summary>
    internal Func<IReadOnlyList<Triple>, IReadOnlyList<float[]>>? FeatureSource { get; init; }

    /// <summary>Creates a judge.</summary>
    /// <param name="model">The model; not disposed.</param>
    /// <param name="tokenizer">The language model's tokenizer.</param>
    /// <param name="prompt">How triples are put into words; null for the default.</param>
    /// <param name="template">The text around them; null for the default.</param>
    /// <param name="mask">What of a triple is hidden from its own evidence; null for everything.</param>
    internal TripleJudge(
        GmtModel model, TextTokenizer tokenizer, TriplePrompt? prompt = null, PromptTemplate? template = null, QueryMask? mask = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        (_model, _tokenizer, _prompt, _template, _mask) =
            (model, tokenizer, prompt ?? TriplePrompt.Default, template ?? PromptTemplate.Alpaca, mask ?? QueryMask.Full);
        _scorer = new VerdictScorer(model, tokenizer, new VerdictAnswers { True = [_prompt.TrueAnswer], False = [_prompt.FalseAnswer] });
        _answers = new AnswerScorer(model.BaseModel, tokenizer);
        _stated = new(() => new KnownTriples(model.Graph, GraphSplit.Train));
    }

    private TripleJudge(TripleJudge other, NativeLifetime lifetime)
    {
        (_model, _tokenizer, _prompt, _template, _mask) = (other._model, other._tokenizer, other._prompt, other._template, other._mask);
        (_scorer, _answers, _stated, _lifetime) = (other._scorer, other._answers, other._stated, lifetime);
    }

    /// <summary>The graph whose triples are asked about.</summary>
    internal KnowledgeGraph Graph => _model.Graph;

    /// <summary>This judge as who owns the model gives it out: it refuses questions once the model is disposed, and never before an
    /// answer.</summary>
    internal TripleJudge Within(NativeLifetime lifetime) => new(this, lifetime) { FeatureSource = FeatureSource };

    /// <summary>This judge with a source of features.</summary>
    internal TripleJudge With(Func<IReadOnlyList<Triple>, IReadOnlyList<float[]>> featureSource) =>
        new(this, _lifetime) { FeatureSource = featureSource };

    /// <summary>Judges triples, all in one forward pass.</summary>
    /// <param name="triples">The triples.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A verdict for each.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="ArgumentException">A prompt is longer than the language model's positions.</exception>
    /// <exception cref="NotFiniteNumberException">The model's numbers are not finite.</exception>
    public IReadOnlyList<Verdict> Judge(IReadOnlyList<Triple> triples, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(triples);
        return Judge(Ask(triples), cancellationToken);
    }

    /// <summary>Judges questions with words of their own, all in one forward pass.</summary>
    internal IReadOnlyList<Verdict> Judge(IReadOnlyList<InstructionExample> questions, CancellationToken cancellationToken = default)
    {
        using NativeLifetime.Use use = _lifetime.Begin();
        return _scorer.Judge([.. questions.Select(Render)], Collect(questions), FeaturesOf(questions), cancellationToken);
    }

    /// <summary>
    /// Judges triples with the memory zeroed, that is, by the language model alone: what the graph adds is the difference.
    /// </summary>
    /// <param name="triples">The triples.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>A verdict for each.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="ArgumentException">A prompt is longer than the language model's positions.</exception>
    /// <exception cref="NotFiniteNumberException">The model's numbers are not finite.</exception>
    public IReadOnlyList<Verdict> JudgeWithoutMemory(IReadOnlyList<Triple> triples, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(triples);
        using NativeLifetime.Use use = _lifetime.Begin();
        return _scorer.Judge(
            [.. triples.Select(triple => Render(_prompt.Ask(_model.Graph, triple)))], null, cancellationToken: cancellationToken);
    }

    /// <summary>
    /// What the model writes when it is asked about triples: the likeliest token again and again, up to the end of the text.
    /// </summary>
    /// <param name="triples">The triples.</param>
    /// <param name="maxNewTokens">The longest answer, in tokens.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>An answer for each, without special tokens, trimmed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    /// <exception cref="ArgumentException">A prompt is longer than the language model's positions.</exception>
    /// <exception cref="NotFiniteNumberException">The model's numbers are not finite.</exception>
    public IReadOnlyList<string> Respond(
        IReadOnlyList<Triple> triples, int maxNewTokens = GreedyOptions.DefaultMaxNewTokens, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(triples);
        return Respond(Ask(triples), maxNewTokens, cancellationToken);
    }

    /// <summary>What the model writes when it is asked in words of their own.</summary>
    internal IReadOnlyList<string> Respond(
        IReadOnlyList<InstructionExample> questions, int maxNewTokens, CancellationToken cancellationToken = default)
    {
        using NativeLifetime.Use use = _lifetime.Begin();
        using IDisposable inference = no_grad();
        using var scope = NewDisposeScope();
        MemoryReader reader = _model.ReadEvidence(Collect(questions), FeaturesOf(questions));
        var decoder = new GreedyDecoder(_model.BaseModel, new GreedyOptions { MaxNewTokens = maxNewTokens });
        IReadOnlyList<int>[] prompts = [.. questions.Select(Render).Select(Encode)];
        return [.. decoder.Generate(prompts, reader.Hook, cancellationToken).Select(ids => _tokenizer.Decode(ids).Trim())];
    }

    /// <summary>How likely the model answers questions with each of some texts, the question computed once.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="answers">The texts for each, at least one.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>For each question and text log P(text, end | question).</returns>
    /// <exception cref="NotSupportedException">The model reads features, which only whole triples have.</exception>
    internal IReadOnlyList<double[]> ScoreAnswers(
        IReadOnlyList<InstructionExample> questions, IReadOnlyList<IReadOnlyList<string>> answers,
        CancellationToken cancellationToken = default)
    {
        CheckAnswers();
        using NativeLifetime.Use use = _lifetime.Begin();
        using IDisposable inference = no_grad();
        using var scope = NewDisposeScope();
        MemoryReader reader = _model.ReadEvidence(Collect(questions));
        return _answers.Score([.. questions.Select(Render)], answers, reader.Hook, cancellationToken);
    }

    /// <exception cref="NotSupportedException">The model reads features, which only whole triples have.</exception>
    internal void CheckAnswers()
    {
        if (_model.Features is not null)
        {
            throw new NotSupportedException(
                $"The model reads features of whole triples, which a question for a missing entity has not. Score candidates by "
                + $"{nameof(RerankingScore)}.{nameof(RerankingScore.Verdict)}.");
        }
    }

    /// <summary>The edges that the memory reads for triples, the most attended first.</summary>
    /// <param name="triples">The triples.</param>
    /// <param name="count">The most edges for each.</param>
    /// <returns>For each triple its edges; none where it has no evidence.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A triple is not of the graph.</exception>
    public IReadOnlyList<IReadOnlyList<EdgeReading>> Explain(IReadOnlyList<Triple> triples, int count = DefaultEdges)
    {
        ArgumentNullException.ThrowIfNull(triples);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        using NativeLifetime.Use use = _lifetime.Begin();
        TripleEvidence evidence = Collect(triples);
        IReadOnlyList<float[]> weights = _model.EdgeWeights(evidence);
        return
        [
            .. triples.Select((triple, row) => (IReadOnlyList<EdgeReading>)
            [
                .. evidence.Rows[row].Edges.Zip(weights[row], (edge, weight) => new EdgeReading(FactOf(edge, triple), weight))
                    .OrderByDescending(reading => reading.Weight).Take(count),
            ]),
        ];
    }

    /// <summary>The features that moved the verdicts of questions; none in a model that reads none.</summary>
    /// <param name="questions">The questions, with their features.</param>
    /// <param name="count">The most features for each.</param>
    /// <param name="groups">Slots that are left out together.</param>
    /// <param name="batchSize">How many verdicts share a forward pass.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    internal IReadOnlyList<FeatureEffects.Found> ExplainFeatures(
        IReadOnlyList<InstructionExample> questions, int count, IReadOnlyList<int[]> groups, int batchSize,
        CancellationToken cancellationToken = default)
    {
        if (_model.Features is not { } features || count + groups.Count == 0)
        {
            return [.. questions.Select(_ => new FeatureEffects.Found([], []))];
        }

        using NativeLifetime.Use use = _lifetime.Begin();
        IReadOnlyList<float[]?> rows = FeaturesOf(questions)!;
        float[] strengths = features.Network.InputStrengths();
        return
        [
            .. questions.Select((question, row) =>
                new FeatureEffects(features.Shape, strengths, Scores(question)).Of(rows[row]!, count, groups)),
        ];

        Func<IReadOnlyList<float[]>, IReadOnlyList<double>> Scores(InstructionExample question) => variants =>
        [
            .. _scorer.JudgeVariants(Render(question), Collect([question]), variants, batchSize, cancellationToken)
                .Select(verdict => verdict.Score),
        ];
    }

    /// <summary>Asks about triples, with the features that <see cref="FeatureSource"/> knows of them.</summary>
    internal InstructionExample[] Ask(IReadOnlyList<Triple> triples)
    {
        IReadOnlyList<float[]>? features = FeatureSource?.Invoke(triples);
        return [.. triples.Select((triple, i) => _prompt.Ask(_model.Graph, triple) with { Features = features?[i] })];
    }

    /// <summary>The features of questions; null for a model that reads none.</summary>
    private IReadOnlyList<float[]?>? FeaturesOf(IReadOnlyList<InstructionExample> questions) =>
        _model.Features is null ? null : [.. questions.Select(question => question.Features)];

    /// <summary>Whether a question fits into the language model's positions, so that it can be judged.</summary>
    internal bool Fits(InstructionExample question) => _scorer.Fits(Render(question));

    private IReadOnlyList<int> Encode(string prompt)
    {
        IReadOnlyList<int> ids = _tokenizer.Encode(prompt);
        PromptWindow.Check(_model.BaseModel, ids.Count, prompt);
        return ids;
    }

    private string Render(InstructionExample question) => _template.Render(question.Instruction, question.Input);

    private TripleEvidence Collect(IEnumerable<InstructionExample> questions) =>
        _model.CollectEvidence([.. questions.Select(question => question.Query)], _mask);

    private TripleEvidence Collect(IReadOnlyList<Triple> triples) => _model.CollectEvidence(triples, _mask);

    /// <summary>An edge has lost which end was the head unless inverse relations tell; then the graph's triples do.</summary>
    private Triple FactOf(int edge, Triple query)
    {
        Adjacency adjacency = _model.Graph.Adjacency;
        Range ofHead = adjacency.EdgesOf(query.Head);
        int entity = edge >= ofHead.Start.Value && edge < ofHead.End.Value ? query.Head : query.Tail;
        (int relation, int neighbor, int relations) = (adjacency.Relations[edge], adjacency.Neighbors[edge], _model.Graph.Relations.Count);
        var forward = new Triple(entity, relation % relations, neighbor);
        return relation < relations && (_model.Graph.AddInverse || _stated.Value.Contains(forward))
            ? forward
            : new Triple(neighbor, relation % relations, entity);
    }
}
