using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>A module's parameters by name, and strict loading into them.</summary>
internal static class StateDict
{
    /// <summary>A module's parameters under their names, in their order; not copied.</summary>
    /// <param name="module">The module.</param>
    /// <param name="prefix">Put before each name.</param>
    public static IEnumerable<KeyValuePair<string, Tensor>> Of(nn.Module module, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(module);
        return module.named_parameters().Select(pair => KeyValuePair.Create<string, Tensor>(prefix + pair.name, pair.parameter));
    }

    /// <summary>Copies weights into parameters. Nothing is changed unless every name and shape fits.</summary>
    /// <param name="parameters">The parameters by name.</param>
    /// <param name="weights">The weights, of any floating-point type.</param>
    /// <param name="source">Where they come from, for messages.</param>
    /// <param name="target">What they go into, for messages, such as <c>the graph module</c>.</param>
    /// <exception cref="WeightFileException">
    /// Names are missing or unexpected, or a shape differs; all of them are named. Or a weight is not finite.
    /// </exception>
    public static void Load(
        IEnumerable<KeyValuePair<string, Tensor>> parameters, IReadOnlyDictionary<string, Tensor> weights, string source, string target)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        ArgumentNullException.ThrowIfNull(weights);
        Dictionary<string, Tensor> own = new(parameters, StringComparer.Ordinal);
        string[] faults =
        [
            .. own.Keys.Except(weights.Keys).Select(name => $"missing '{name}'"),
            .. weights.Keys.Except(own.Keys).Select(name => $"unexpected '{name}'"),
            .. own.Where(pair => weights.TryGetValue(pair.Key, out Tensor? stored) && !stored.shape.SequenceEqual(pair.Value.shape))
                .Select(pair => $"'{pair.Key}' is [{string.Join(", ", weights[pair.Key].shape)}], here it is [{string.Join(", ", pair.Value.shape)}]"),
        ];
        if (faults.Length > 0)
        {
            throw new WeightFileException(
                source, $"it does not fit {target}: {string.Join("; ", faults)}.",
                remedy: "Are the options the ones that it was trained with?");
        }

        foreach (string name in own.Keys)
        {
            FiniteTensor.Check(weights[name], source, name);
        }

        using IDisposable inference = no_grad();
        foreach ((string name, Tensor parameter) in own)
        {
            parameter.copy_(weights[name]);
        }
    }
}
