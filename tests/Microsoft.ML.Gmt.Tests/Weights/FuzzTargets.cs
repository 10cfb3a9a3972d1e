using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

/// <summary>
/// What a fuzzer feeds: each reads a file from bytes and touches all its tensors. <see cref="WeightFileException"/> is the only exception
/// that may come out.
/// </summary>
internal static class FuzzTargets
{
    /// <summary>A safetensors file.</summary>
    public static void Safetensors(byte[] input)
    {
        TorchRuntime.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        using MemoryStream stream = new(input);
        using SafetensorsFile file = SafetensorsFile.Read(stream, "fuzz");
        foreach (string name in file.Names.Where(name => file.Info(name).ElementType is not null))
        {
            Touch(file.Get(name));
        }
    }

    /// <summary>A file of torch.save, zip or older.</summary>
    public static void Checkpoint(byte[] input)
    {
        TorchRuntime.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        using MemoryStream stream = new(ZipChecksums.Forget(input));
        using TorchDocument document = TorchDocument.Parse(WeightBytes.Read(stream, "fuzz"));
        object? root = document.Materialize(document.Root);
        if (root is IReadOnlyDictionary<object, object?> dictionary)
        {
            foreach (Tensor tensor in dictionary.Values.OfType<Tensor>())
            {
                Touch(tensor);
            }
        }
    }

    /// <summary>A pickle alone, without the container around it, so that mutations all hit the stack machine.</summary>
    public static void Pickle(byte[] input) =>
        Unpickler.Read(input, "fuzz", 0, new Dictionary<string, PickledStorage>(StringComparer.Ordinal), out _);

    /// <summary>The header of a GGUF file.</summary>
    public static void Gguf(byte[] input)
    {
        using MemoryStream stream = new(input);
        using WeightBytes file = WeightBytes.Read(stream, "fuzz");
        GgufHeader.Parse(file);
    }

    // Reads every element, so that a window outside its storage would show.
    private static void Touch(Tensor tensor)
    {
        const long Few = 1 << 20;
        if (tensor.numel() <= Few)
        {
            using Tensor copy = tensor.contiguous();
            NativeTensor.ForEachPart(copy, part => part.IndexOf((byte)1));
        }
    }
}
