using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Cli.Semantics;

/// <summary>Reads the names of relations by id.</summary>
internal static class RelationNames
{
    /// <summary>Reads <c>relation2id.txt</c>: checked, or as the Python script does, where the count line means nothing and an id may lack a name.</summary>
    public static IReadOnlyList<string?> Read(string path, bool compatible)
    {
        if (!compatible)
        {
            return OpenKeNameFile.Read(path).Names;
        }

        Dictionary<string, int> ids = new OpenKeReferenceReader().ParseIds(PythonTextFile.ReadFile(path));
        string?[] names = new string?[ids.Count];
        foreach ((string name, int id) in ids)
        {
            int place = id < 0 ? id + names.Length : id;
            names[(uint)place < (uint)names.Length ? place : throw OutOfRange(path, name, id, names.Length)] = name;
        }

        return names;
    }

    private static CommandFailure OutOfRange(string path, string name, int id, int count) =>
        new($"{path}: '{name}' has id {id}, but there are {count} names, whose ids must run from 0 to {count - 1}.");
}
