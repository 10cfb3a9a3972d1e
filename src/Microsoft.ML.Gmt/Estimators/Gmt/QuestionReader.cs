using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt;

/// <summary>Reads rows as questions about triples: in the words of a prompt, or in words of their own.</summary>
internal sealed class QuestionReader
{
    private const string Text = "String";

    private readonly GmtTransformerSettings _settings;
    private readonly TripleBinding _triples;
    private readonly DataViewSchema.Column? _instruction;
    private readonly DataViewSchema.Column? _input;
    private readonly FeatureColumn? _features;

    /// <param name="schema">The rows' schema.</param>
    /// <param name="settings">Which columns, and the prompt.</param>
    /// <param name="features">The column of features to read; null for that of the settings, if any.</param>
    /// <exception cref="ArgumentOutOfRangeException">The schema lacks a column, or it has a wrong type.</exception>
    public QuestionReader(DataViewSchema schema, GmtTransformerSettings settings, FeatureColumn? features = null)
    {
        _settings = settings;
        _features = features
            ?? (settings.Features is { } known ? FeatureColumn.Find(schema, known.ColumnName, known.Scaling) : null);
        _triples = new TripleBinding(schema, settings.Columns);
        if (settings.Instructions is { } names)
        {
            _instruction = ScalarColumn.Find<TextDataViewType>(schema, "instruction", names.Instruction, Text);
            _input = IsThere(schema.GetColumnOrNull(names.Input ?? "") is not null, names)
                ? ScalarColumn.Find<TextDataViewType>(schema, "input", names.Input!, Text)
                : null;
        }
    }

    /// <summary>The columns that a question is read from.</summary>
    public DataViewSchema.Column[] Columns =>
        [.. _triples.QueryColumns, .. new[] { _instruction, _input, _features?.Column }.OfType<DataViewSchema.Column>()];

    /// <summary>Checks the columns of questions and answers in a schema that is not at hand yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The schema lacks a column, or it has a wrong type.</exception>
    public static void Check(SchemaShape shape, GmtScoringOptions options)
    {
        TripleBinding.Check(shape, options.Columns);
        if (options.Instructions is not { } names)
        {
            LabelColumn.Check(shape, options.Columns.Label!);
            return;
        }

        ScalarColumn.Check<TextDataViewType>(shape, "instruction", names.Instruction, Text);
        ScalarColumn.Check<TextDataViewType>(shape, "response", names.Response, Text);
        if (IsThere(shape.Any(column => column.Name == names.Input), names))
        {
            ScalarColumn.Check<TextDataViewType>(shape, "input", names.Input!, Text);
        }
    }

    /// <summary>Reads the question of the row that the input stands at, without an answer.</summary>
    /// <param name="input">A row whose <see cref="Columns"/> are active.</param>
    /// <param name="graph">Whose ids.</param>
    /// <param name="count">Is told of every row.</param>
    /// <returns>Null for such a row.</returns>
    public Func<InstructionExample?> NewReader(DataViewRow input, KnowledgeGraph graph, NameCount count) =>
        NewReader(input, graph, count, () => null, () => "");

    /// <summary>Reads all rows as questions without answers; those with names that the graph lacks are left out.</summary>
    /// <exception cref="UnknownNameException">A row has a name that the graph lacks, and that is an error.</exception>
    public InstructionExample[] ReadQuestions(IDataView data, KnowledgeGraph graph, UnknownNames unknown)
    {
        NameCount count = unknown.NewCount();
        using DataViewRowCursor cursor = data.GetRowCursor(Columns.DistinctBy(column => column.Index));
        InstructionExample[] questions = [.. Rows(cursor, NewReader(cursor, graph, count))];
        count.Report();
        return questions;
    }

    /// <summary>Reads questions with their answers: the label in the prompt's words, or the response.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="graph">Whose ids.</param>
    /// <param name="count">Is told of every row; those with names that the graph lacks are left out.</param>
    /// <exception cref="ArgumentOutOfRangeException">The data lack a column, or it has a wrong type.</exception>
    /// <exception cref="UnknownNameException">A row has a name that the graph lacks, and that is an error.</exception>
    public IEnumerable<InstructionExample> Read(IDataView data, KnowledgeGraph graph, NameCount count)
    {
        DataViewSchema.Column answer = _settings.Instructions is { } names
            ? ScalarColumn.Find<TextDataViewType>(data.Schema, "response", names.Response, Text)
            : LabelColumn.FindRequired(data.Schema, _settings.Columns.Label!);
        DataViewSchema.Column[] columns = [.. Columns, answer];
        using DataViewRowCursor cursor = data.GetRowCursor(columns.DistinctBy(column => column.Index));
        Func<InstructionExample?> read = _settings.Instructions is null
            ? NewReader(cursor, graph, count, Labels(cursor, answer), () => "")
            : NewReader(cursor, graph, count, () => null, Texts(cursor, answer));
        foreach (InstructionExample question in Rows(cursor, read))
        {
            yield return question;
        }
    }

    private static IEnumerable<InstructionExample> Rows(DataViewRowCursor cursor, Func<InstructionExample?> read)
    {
        while (cursor.MoveNext())
        {
            if (read() is { } question)
            {
                yield return question;
            }
        }
    }

    private Func<InstructionExample?> NewReader(
        DataViewRow input, KnowledgeGraph graph, NameCount count, Func<bool?> label, Func<string> response)
    {
        Func<TripleQuery?> query = _triples.NewQueryReader(input, graph, count);
        Func<float[]>? readFeatures = _features?.NewReader(input);
        float[]? Features() => readFeatures?.Invoke();
        if (_instruction is not { } instructions)
        {
            return () => query() is { } known
                ? _settings.Text.Prompt.Ask(graph, known.Triple, label()) with { Hidden = known.Hidden, Features = Features() }
                : null;
        }

        Func<string> instruction = Texts(input, instructions), details = _input is { } inputs ? Texts(input, inputs) : () => "";
        return () => query() is { } known
            ? new InstructionExample(instruction(), details(), response(), known.Triple) { Hidden = known.Hidden, Features = Features() }
            : null;
    }

    private static Func<bool?> Labels(DataViewRow row, DataViewSchema.Column column)
    {
        Func<bool> read = LabelColumn.NewReader(row, column);
        return () => read();
    }

    private static Func<string> Texts(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<ReadOnlyMemory<char>> getter = row.GetGetter<ReadOnlyMemory<char>>(row.Schema[column.Index]);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getter(ref text);
            return text.ToString();
        };
    }

    // A column of the usual name may be missing; a name that was chosen is meant.
    private static bool IsThere(bool exists, InstructionColumnNames names) =>
        names.Input is not null && (exists || names.Input != new InstructionColumnNames().Input);
}
