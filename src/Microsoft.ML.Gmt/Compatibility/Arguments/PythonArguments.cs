using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Compatibility;

/// <summary>
/// The arguments of a Python script by name, as it keeps them in a JSON file beside its results. Empty where there is no such file.
/// </summary>
/// <remarks>
/// As in Python, an argument that is null is not the same as one that is absent: it is of the wrong kind for everything that is read here.
/// </remarks>
internal sealed class PythonArguments
{
    private readonly JsonPart _values;

    private PythonArguments(JsonPart values) => _values = values;

    /// <summary>The file.</summary>
    public string Path => _values.File;

    /// <summary>Reads a file.</summary>
    /// <exception cref="GmtFileException">It is not a JSON object, or says something twice.</exception>
    public static PythonArguments Read(string path)
    {
        JsonPart values = File.Exists(path) ? JsonPart.ReadObject(path) : new JsonPart(path, "$", default);
        values.RefuseDoubledNames();
        return new PythonArguments(values);
    }

    /// <summary>Whether the file says anything of an argument.</summary>
    public bool Contains(string name) => !_values[name].IsMissing;

    /// <summary>A text, or the other value where the file does not say.</summary>
    public string Get(string name, string otherwise) => Find(name)?.Text() ?? otherwise;

    /// <summary>A truth value, or the other one where the file does not say.</summary>
    public bool Get(string name, bool otherwise) => Find(name)?.Flag() ?? otherwise;

    /// <summary>A number, or the other one where the file does not say.</summary>
    public double Get(string name, double otherwise) => Find(name)?.Number() ?? otherwise;

    /// <summary>A whole number, or the other one where the file does not say.</summary>
    public int Get(string name, int otherwise) => Find(name)?.Integer() ?? otherwise;

    private JsonPart? Find(string name) => _values[name] is { IsMissing: false } value ? value : null;
}
