using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>Parameters of a checkpoint: views of the mapped file where the types agree, else converted once or copied to the
/// device.</summary>
/// <param name="store">The checkpoint.</param>
/// <param name="dtype">The parameters' type.</param>
/// <param name="trainable">Whether they record gradients.</param>
/// <param name="device">Where they go.</param>
/// <param name="storedName">Under which name the checkpoint has a parameter; null for its own.</param>
internal sealed class StoredParameters(
    WeightStore store, ScalarType dtype, bool trainable, Device device, Func<string, string>? storedName = null) : ParameterSource
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>The tensors that nothing has asked for, in the order of their names.</summary>
    public IEnumerable<string> Unused => store.Names.Where(name => !_used.Contains(name)).Order(StringComparer.Ordinal);

    public override Parameter Get(string name, InitialValue initial, params long[] shape)
    {
        name = storedName?.Invoke(name) ?? name;
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
        bool hasValues = device.type != DeviceType.META; // else shapes alone are compared, and nothing is read
        Tensor values = hasValues ? store.Get(name) : empty(shape, dtype, device);
        if (hasValues)
        {
            FiniteTensor.Check(values, store.Path, name);
        }

        bool isThere = device.type is DeviceType.CPU or DeviceType.META;
        Tensor converted = values.dtype == dtype && isThere ? values : values.to(dtype, device);
        if (hasValues && values.element_size() > converted.element_size())
        {
            FiniteTensor.Check(converted, store.Path, name); // a narrower type ends sooner
        }

        return new Parameter(converted.MoveToOuterDisposeScope(), trainable);
    }
}
