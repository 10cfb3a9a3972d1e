using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>Parameters of a checkpoint: views of the mapped file where the types agree, else converted once or copied to the
/// device.</summary>
internal sealed class StoredParameters(WeightStore store, ScalarType dtype, bool trainable, Device device) : ParameterSource
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    public override Parameter Get(string name, InitialValue initial, params long[] shape)
    {
        if (!store.Contains(name))
        {
            throw new WeightFileException(
                store.Path,
                $"the tensor is missing; the configuration asks for it with shape [{string.Join(", ", shape)}]. "
                + "Does it belong to these weights?",
                name);
        }

        IReadOnlyList<long> found = store.Info(name).Shape;
        if (!found.SequenceEqual(shape))
        {
            throw new WeightFileException(
                store.Path,
                $"the tensor has shape [{string.Join(", ", found)}]; the configuration asks for [{string.Join(", ", shape)}].",
                name);
        }

        _used.Add(name);
        using DisposeScope scope = NewDisposeScope();
        Tensor values = store.Get(name);
        Tensor converted = values.dtype == dtype && device.type == DeviceType.CPU ? values : values.to(dtype, device);
        return new Parameter(converted.MoveToOuterDisposeScope(), trainable);
    }

    /// <summary>Refuses tensors that the model did not ask for: leaving one out could mean wrong numbers.</summary>
    public void RefuseUnused(bool tiedHead)
    {
        string[] unused = [.. store.Names.Where(name => !_used.Contains(name) && !Redundant(name, tiedHead)).Order(StringComparer.Ordinal)];
        if (unused.Length > 0)
        {
            string rest = unused.Length > 3 ? $" and {unused.Length - 3} more" : "";
            throw new NotSupportedException(
                $"{store.Path}: the model has tensors that this decoder does not use: {string.Join(", ", unused.Take(3))}{rest}. " +
                "Check that config.json belongs to these weights.");
        }
    }

    // Rotary frequencies follow from the configuration; a tied head repeats the embedding.
    private static bool Redundant(string name, bool tiedHead) =>
        name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal) || (tiedHead && name == "lm_head.weight");
}
