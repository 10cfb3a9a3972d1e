using System.Numerics;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Scripts;

/// <summary>Reads the names of relations by id.</summary>
internal static class RelationNames
{
    /// <summary>Reads <c>relation2id.txt</c> as the Python script does: the count line means nothing, and an id may lack a name.</summary>
    public static IReadOnlyList<string?> Read(string path)
    {
        string text = OpenKeReferenceReader.ReadText(path);
        CheckIds(path, text);
        Dictionary<string, BigInteger> ids = new OpenKeReferenceReader().ParseIds(text);
        string?[] names = new string?[ids.Count];
        foreach ((string name, BigInteger id) in ids)
        {
            BigInteger place = id < 0 ? id + names.Length : id;
            names[place >= 0 && place < names.Length ? (int)place : throw OutOfRange(path, name, id, names.Length)] = name;
        }

        return names;
    }

    /// <summary>
    /// Of a graph the reference reads the count line alone, so that reader passes over what is no id; this script does not.
    /// </summary>
    private static void CheckIds(string path, string text)
    {
        foreach ((int number, string line) in PythonTextFile.Lines(text).Index().Skip(1))
        {
            if (PythonTextFile.Fields(line) is [var name, var id, ..] && !PythonNumber.TryParseBigInteger(id, out _))
            {
                throw new CommandFailure($"{path}, line {number + 1}: '{id}' is no id of '{name}'; a whole number is expected.");
            }
        }
    }

    private static CommandFailure OutOfRange(string path, string name, BigInteger id, int count) =>
        new($"{path}: '{name}' has id {id}, but there are {count} names, whose ids must run from 0 to {count - 1}.");
}
