using System.Globalization;
using System.Numerics;
using System.Text;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Reads OpenKE files as <see cref="OpenKeCompatibility.Reference"/> says, and counts what that passes over.</summary>
internal sealed class OpenKeReferenceReader
{
    private const int MostIdsWithoutNames = 1 << 22;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public OpenKeReport Report { get; private set; } = new();

    /// <summary>Reads a UTF-8 file whole, a byte order mark included.</summary>
    public static string ReadText(string path)
    {
        try
        {
            return Strict.GetString(File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException exception)
        {
            throw new GraphFormatException(
                $"{path}: the byte at index {exception.Index} is not UTF-8; save the file with that encoding.", exception);
        }
    }

    /// <summary>The number that the first line of a name file holds.</summary>
    public static BigInteger ParseCount(string text, string file)
    {
        string line = PythonTextFile.Lines(text).FirstOrDefault() ?? "";
        if (PythonNumber.TryParseBigInteger(line, out BigInteger count))
        {
            return count;
        }

        string problem = line.StartsWith('\uFEFF')
            ? "the file begins with a byte order mark (U+FEFF), which the Python code takes for a part of the number of names; "
                + "save it as UTF-8 without one."
            : $"the first line must be the number of names, found '{Utf8LineReader.Visible(line)}'.";
        throw new GraphFormatException(problem, file, 1, 1, Utf8LineReader.Visible(line));
    }

    /// <summary>The ids that the lines after the first give to names; of a name that stands twice the last line counts.</summary>
    public Dictionary<string, BigInteger> ParseIds(string text)
    {
        var ids = new Dictionary<string, BigInteger>(StringComparer.Ordinal);
        foreach (string line in PythonTextFile.Lines(text).Skip(1))
        {
            List<string> fields = PythonTextFile.Fields(line);
            if (fields.Count >= 2 && PythonNumber.TryParseBigInteger(fields[1], out BigInteger id))
            {
                Report = ids.ContainsKey(fields[0]) ? Report with { NameLinesSkipped = Report.NameLinesSkipped + 1 } : Report;
                ids[fields[0]] = id;
            }
            else
            {
                Report = Report with { NameLinesSkipped = Report.NameLinesSkipped + 1 };
            }
        }

        return ids;
    }

    /// <summary>The triples of the lines after the first that have three fields, ids as they stand there.</summary>
    public List<Triple> ParseTriples(string text, TripleColumns columns, string file)
    {
        var triples = new List<Triple>();
        int number = 1;
        foreach (string line in PythonTextFile.Lines(text).Skip(1))
        {
            number++;
            List<string> fields = PythonTextFile.Fields(line);
            if (fields.Count != 3)
            {
                Report = Report with { TripleLinesSkipped = Report.TripleLinesSkipped + 1 };
                continue;
            }

            int[] ids = [.. fields.Select((field, column) => ParseId(field, columns.Role(column), file, number))];
            triples.Add(columns.Arrange(ids[0], ids[1], ids[2]));
        }

        string first = PythonTextFile.Lines(text).FirstOrDefault() ?? "";
        bool agrees = PythonNumber.TryParseBigInteger(first, out BigInteger count) && count == triples.Count;
        Report = agrees ? Report : Report with { CountLinesThatDisagree = Report.CountLinesThatDisagree + 1 };
        return triples;
    }

    public Vocabulary ReadNames(string path)
    {
        string text = ReadText(path);
        BigInteger promised = ParseCount(text, path);
        if (promised < 0 || promised > Math.Max(MostIdsWithoutNames, text.Length))
        {
            throw new GraphFormatException(
                $"the first line promises {promised} names; from 0 to {MostIdsWithoutNames} are taken on trust, "
                + "more only from a file that can hold them.",
                path,
                1,
                1,
                $"{promised}");
        }

        int count = (int)promised;
        string?[] names = new string?[count];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string name, BigInteger id) in ParseIds(text))
        {
            bool usable = id >= 0 && id < count;
            if (!usable || names[(int)id] is not null)
            {
                Report = Report with { NameLinesSkipped = Report.NameLinesSkipped + 1 };
            }

            if (usable)
            {
                names[(int)id] = name;
            }
        }

        taken.UnionWith(names.OfType<string>());
        for (int id = 0; id < count; id++)
        {
            names[id] ??= Substitute(id, taken);
        }

        return new Vocabulary(names!);
    }

    public Triple[] ReadTriples(string path, TripleColumns columns, GraphBounds bounds)
    {
        List<Triple> triples = ParseTriples(ReadText(path), columns, path);
        return [.. triples.Select(triple => new Triple(
            Wrap(triple.Head, bounds.Entities, "head", path),
            Wrap(triple.Relation, bounds.Relations, "relation", path),
            Wrap(triple.Tail, bounds.Entities, "tail", path)))];
    }

    private static int ParseId(string field, string role, string file, int line)
    {
        if (!PythonNumber.TryParseBigInteger(field, out BigInteger id))
        {
            throw new GraphFormatException($"the {role} id '{Utf8LineReader.Visible(field)}' is not a number.", file, line, 0, field);
        }

        return id >= int.MinValue && id <= int.MaxValue
            ? (int)id
            : throw new GraphFormatException($"the {role} id {Utf8LineReader.Visible(field)} is out of range: an id has 32 bits.", file,
                line, 0, field);
    }

    private int Wrap(int id, int count, string role, string path)
    {
        if (id < -count || id >= count)
        {
            throw new GraphFormatException(
                $"the {role} id {id} is out of range: ids run from {-count} to {count - 1}.", path, 0, 0, $"{id}");
        }

        Report = id < 0 ? Report with { NegativeIds = Report.NegativeIds + 1 } : Report;
        return id < 0 ? id + count : id;
    }

    private string Substitute(int id, HashSet<string> taken)
    {
        Report = Report with { IdsWithoutName = Report.IdsWithoutName + 1 };
        string name = id.ToString(CultureInfo.InvariantCulture);
        while (!taken.Add(name))
        {
            name = $"#{name}";
        }

        return name;
    }
}
