using System.Text.Json;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

/// <summary>Reading expected tensors and comparing them bit for bit.</summary>
internal static class WeightGoldens
{
    public static JsonElement Json(string path) => JsonDocument.Parse(File.ReadAllBytes(path)).RootElement;

    public static byte[] Bytes(Tensor tensor)
    {
        using MemoryStream stream = new();
        using Tensor contiguous = tensor.detach().contiguous();
        NativeTensor.ForEachPart(contiguous, stream.Write);
        return stream.ToArray();
    }

    /// <summary>Type, shape and every bit are the same; NaN equals the same NaN.</summary>
    public static void AssertSame(Tensor expected, Tensor actual, string what)
    {
        Assert.AreEqual(expected.dtype, actual.dtype, what);
        CollectionAssert.AreEqual(expected.shape, actual.shape, what);
        CollectionAssert.AreEqual(Bytes(expected), Bytes(actual), what);
    }

    /// <summary>The tensors of a tree by path: keys and list positions joined by slashes, a bare tensor as <c>(root)</c>.</summary>
    public static Dictionary<string, Tensor> Flatten(object? root)
    {
        Dictionary<string, Tensor> tensors = [];
        Visit(root, "");
        return tensors;

        void Visit(object? node, string path)
        {
            switch (node)
            {
                case Tensor tensor:
                    tensors.Add(path.Length == 0 ? "(root)" : path, tensor);
                    break;
                case IReadOnlyDictionary<object, object?> dictionary:
                    foreach ((object key, object? value) in dictionary)
                    {
                        Visit(value, path.Length == 0 ? $"{key}" : $"{path}/{key}");
                    }

                    break;
                case IReadOnlyList<object?> list:
                    for (int i = 0; i < list.Count; i++)
                    {
                        Visit(list[i], path.Length == 0 ? $"{i}" : $"{path}/{i}");
                    }

                    break;
            }
        }
    }
}
