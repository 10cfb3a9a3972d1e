using System.Text.Json;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// Reads instruction data: a JSON array of objects, or an object a line (JSON lines), each with <c>instruction</c>, <c>input</c>,
/// <c>output</c> and <c>embedding_ids</c> = [head, relation, tail].
/// </summary>
/// <remarks>
/// An <c>input</c> that is absent or null is empty. An <c>output</c> that is no string is written as Python's <c>str</c> writes it
/// (<c>True</c>, say); null is no answer.
/// </remarks>
internal static class InstructionFile
{
    /// <summary>Reads a file row by row, as the rows are asked for.</summary>
    /// <param name="path">The file, UTF-8. Its ending does not matter.</param>
    /// <param name="graph">The graph whose ids the rows must have; null leaves them unchecked.</param>
    /// <param name="outputRequired">Whether a row without <c>output</c> is an error; else its answer is empty.</param>
    /// <param name="keepJson">Whether examples keep their whole row, as link prediction needs it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="GmtFileException">
    /// A row is not as it should be (thrown when it is reached); the message names row, line, field and value.
    /// </exception>
    public static IEnumerable<InstructionExample> Read(
        string path, KnowledgeGraph? graph = null, bool outputRequired = true, bool keepJson = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return File.Exists(path)
            ? Rows(path, graph, outputRequired, keepJson)
            : throw new FileNotFoundException(
                Directory.Exists(path)
                    ? $"'{path}' is a folder; give the file with the instructions."
                    : $"There is no instruction file '{path}'.", path);
    }

    private static IEnumerable<InstructionExample> Rows(string path, KnowledgeGraph? graph, bool outputRequired, bool keepJson)
    {
        using var rows = new JsonRowReader(path, File.OpenRead(path));
        while (rows.TryRead(out JsonPart row))
        {
            if (!row.IsObject)
            {
                throw row.Fault($"expected an object with instruction, input, output and embedding_ids, found {Show(row.Element)}.");
            }

            if (keepJson)
            {
                row.CheckTexts(); // whoever takes the row knows its place no more
            }

            yield return new InstructionExample(
                Required(row["instruction"]).Text(),
                row["input"].TextOrNull() ?? "",
                Answer(row["output"], outputRequired),
                Ids(row["embedding_ids"], graph))
            {
                Json = keepJson ? row.Element : null,
            };
        }
    }

    private static string Answer(JsonPart output, bool required) => output.Element.ValueKind switch
    {
        JsonValueKind.Undefined when required => Required(output).Text(),
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.String => output.Text(),
        _ => Spelled(output),
    };

    private static string Spelled(JsonPart output)
    {
        try
        {
            return PythonText.Str(output.Element);
        }
        catch (InvalidOperationException error)
        {
            throw output.Fault($"not a valid string: {error.Message}", error);
        }
    }

    private static Triple Ids(JsonPart part, KnowledgeGraph? graph)
    {
        JsonElement value = Required(part).Element;
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 3)
        {
            throw part.Fault($"expected three ids [head, relation, tail], found {Show(value)}.");
        }

        var triple = new Triple(Id(part, 0), Id(part, 1), Id(part, 2));
        return graph is null || graph.Bounds.Contains(triple)
            ? triple
            : throw part.Fault(
                $"{Show(value)} is not a triple of this graph, which has {graph.Bounds}, with ids from 0; [head, relation, tail] is the order.");
    }

    private static int Id(JsonPart part, int index) =>
        part.Element[index] is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out int id) && id >= 0
            ? id
            : throw part.Fault($"expected three ids from 0, found {Show(part.Element)}; item {index} is no such number.");

    private static JsonPart Required(JsonPart part) => !part.IsNull ? part : throw part.Fault("it is missing; every row needs it.");

    private static string Show(JsonElement value) => GmtFileException.Shorten(value.GetRawText());
}
