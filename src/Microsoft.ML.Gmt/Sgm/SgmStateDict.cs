using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Sgm;

/// <summary>A module's weights by name, as they stand in files.</summary>
internal static class SgmStateDict
{
    private const string Key = "sgm";

    /// <summary>The parameters under their names, in their order; not copied.</summary>
    public static IReadOnlyList<KeyValuePair<string, Tensor>> Of(SgmModule module)
    {
        return [.. StateDict.Of(module)];
    }

    /// <summary>Writes the weights: <c>.safetensors</c>, or else as the reference's <c>sgm_state.pth</c>, {"sgm": state_dict}.</summary>
    /// <param name="module">The module.</param>
    /// <param name="path">The file; one that exists is replaced.</param>
    public static void Write(SgmModule module, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (IsSafetensors(path))
        {
            SafetensorsWriter.Write(path, Of(module));
        }
        else
        {
            TorchFileWriter.WriteStateDict(path, Of(module), Key);
        }
    }

    /// <summary>
    /// Copies weights from a file into a module: <c>.safetensors</c>, or else the reference's <c>sgm_state.pth</c>, bare or under the key
    /// <c>sgm</c>.
    /// </summary>
    /// <param name="module">The module.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="WeightFileException">Names are missing or unexpected, or a shape differs; all of them are named.</exception>
    public static void Read(SgmModule module, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var scope = NewDisposeScope();
        Load(module, Open(path), path);
    }

    /// <summary>The weights of a file by name; they belong to the caller's dispose scope.</summary>
    internal static IReadOnlyDictionary<string, Tensor> Open(string path)
    {
        if (!IsSafetensors(path))
        {
            return TorchFile.LoadStateDict(path, IsNested(path) ? Key : null);
        }

        using SafetensorsFile file = SafetensorsFile.Open(path);
        return file.Names.ToDictionary(name => name, file.Get);
    }

    /// <summary>Copies weights into a module. Nothing is changed unless every name and shape fits.</summary>
    /// <param name="module">The module.</param>
    /// <param name="weights">The weights, of any floating-point type.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <exception cref="WeightFileException">Names are missing or unexpected, or a shape differs; all of them are named.</exception>
    public static void Load(SgmModule module, IReadOnlyDictionary<string, Tensor> weights, string source)
    {
        StateDict.Load(StateDict.Of(module), weights, source, "the graph module");
    }

    private static bool IsNested(string path)
    {
        using TorchDocument document = TorchDocument.Open(path);
        return document.Root is IReadOnlyDictionary<object, object?> outer && outer.ContainsKey(Key);
    }

    private static bool IsSafetensors(string path) => path.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase);
}
