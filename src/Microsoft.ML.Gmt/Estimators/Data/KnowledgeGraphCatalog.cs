using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML;

/// <summary>Extends <see cref="DataOperationsCatalog"/> by knowledge graphs.</summary>
public static class KnowledgeGraphCatalog
{
    /// <summary>Reads a knowledge graph, in whatever form it is found; see <see cref="KnowledgeGraphReader"/> for more ways.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">
    /// A folder in OpenKE's layout, a folder with <c>train</c>, <c>valid</c> and <c>test</c> as <c>.tsv</c>, <c>.txt</c> or <c>.csv</c>, or
    /// one file of triples of names, which all become training triples: <see cref="KnowledgeGraph.Split"/> holds some of them out.
    /// </param>
    /// <param name="addInverse">Whether edges from tail to head get relations of their own.</param>
    /// <remarks>
    /// Delimiter, header and columns are found from the files. Where something had to be guessed or was left out, <c>MLContext.Log</c>
    /// gets a warning; <see cref="GraphCheck"/> and <c>gmt graph</c> list all that looks doubtful.
    /// </remarks>
    /// <exception cref="FileNotFoundException">There is no such file or folder, or the folder lacks a file that is needed.</exception>
    /// <exception cref="GraphFormatException">A file is malformed; the message names the place and the remedy.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// IDataView train = graph.ToDataView(GraphSplit.Train, negativesPerPositive: 1);
    /// </code>
    /// </example>
    public static KnowledgeGraph LoadKnowledgeGraph(this DataOperationsCatalog catalog, string path, bool addInverse = false)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(path);
        return LoggedGraph.Read(MlNetInternals.Environment(catalog), new GraphSource(path) { AddInverse = addInverse });
    }

    /// <summary>Reads a knowledge graph from files of names, such as TSV or CSV, that are laid out in a way of their own.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">One file of triples of names, or a folder with <c>train</c>, <c>valid</c> and <c>test</c>.</param>
    /// <param name="options">Delimiter, columns, header and quotation marks, and whether edges have inverses.</param>
    /// <exception cref="FileNotFoundException">There is no such file or folder, or the folder has no training file.</exception>
    /// <exception cref="GraphFormatException">A file is malformed; the message names the place and the remedy.</exception>
    /// <exception cref="ArgumentException">The path leads to a graph in another form, or an option is no such.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// var options = new DelimitedOptions { Delimiter = ';', Columns = "_htr", HasHeader = true };
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("products.csv", options).Split(seed: 42);
    /// </code>
    /// </example>
    public static KnowledgeGraph LoadKnowledgeGraph(this DataOperationsCatalog catalog, string path, DelimitedOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(options);
        var source = new GraphSource(path) { Names = options };
        return source.IsOpenKe || KnowledgeGraphFormat.IsAt(path)
            ? throw new ArgumentException($"'{path}' is not made of delimited files; load it without options.", nameof(options))
            : LoggedGraph.Read(MlNetInternals.Environment(catalog), source);
    }

    /// <summary>Makes a knowledge graph of data views: true rows are triples, rows labeled false are labeled negatives.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="train">The training triples, which become edges.</param>
    /// <param name="validation">The validation triples, or null.</param>
    /// <param name="test">The test triples, or null.</param>
    /// <param name="columns">The columns of head, relation, tail (text, or keys with text key values) and label; null for <c>Head</c>,
    /// <c>Relation</c>, <c>Tail</c> and, where there is one, <c>Label</c>.</param>
    /// <param name="addInverse">Whether edges from tail to head get relations of their own.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a wrong type.</exception>
    /// <exception cref="InvalidOperationException">A row lacks a name.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// IDataView facts = ml.Data.LoadFromEnumerable(new[]
    /// {
    ///     new { Subject = "Bern", Predicate = "capital of", Object = "Switzerland" },
    ///     new { Subject = "Zurich", Predicate = "city in", Object = "Switzerland" },
    /// });
    /// KnowledgeGraph graph = ml.Data.CreateKnowledgeGraph(
    ///     facts, columns: new TripleColumnNames { Head = "Subject", Relation = "Predicate", Tail = "Object", Label = null });
    /// </code>
    /// </example>
    public static KnowledgeGraph CreateKnowledgeGraph(
        this DataOperationsCatalog catalog, IDataView train, IDataView? validation = null, IDataView? test = null,
        TripleColumnNames? columns = null, bool addInverse = false)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(train);
        TripleColumnNames names = columns ?? new TripleColumnNames();
        names.Check();
        return GraphFromRows.Read(train, validation, test, names, addInverse);
    }

    /// <summary>Reads questions about triples with words of their own, in the form of the reference's data: columns <c>Head</c>,
    /// <c>Relation</c>, <c>Tail</c>, <c>Instruction</c>, <c>Input</c> and <c>Response</c>, all text.</summary>
    /// <remarks>
    /// A JSON array of objects, or one object a line, each with <c>instruction</c>, <c>input</c>, <c>output</c> and <c>embedding_ids</c> =
    /// [head, relation, tail]. The file is read as rows are asked for. <see cref="GmtScoringOptions.Instructions"/> takes these columns.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The file, UTF-8.</param>
    /// <param name="graph">The graph whose ids the rows have.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="GmtFileException">
    /// A row is not as it should be (thrown when it is reached); the message names row, line, field and value.
    /// </exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext(seed: 42);
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// IDataView questions = ml.Data.LoadInstructions("train.json", graph);
    /// ITransformer model = ml.Transforms.SgmPretrain(graph, labelColumnName: null)
    ///     .Append(ml.Transforms.GmtFinetune("models/tiny-llama", new() { Instructions = new InstructionColumnNames() }))
    ///     .Fit(questions);
    /// </code>
    /// </example>
    public static IDataView LoadInstructions(this DataOperationsCatalog catalog, string path, KnowledgeGraph graph)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(graph);
        return InstructionRows.Of(new MLContext(), InstructionFile.Read(path, graph), graph);
    }
}
