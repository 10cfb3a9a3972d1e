using Microsoft.ML.Gmt.Cli.Output;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>Lists the tensors of a file: names, types, shapes, sizes.</summary>
internal static class TensorTable
{
    /// <summary>Adds counts and the table to a report.</summary>
    public static Report WithTensors(this Report report, IReadOnlyList<StoredTensor> tensors) => report
        .With("tensors", tensors.Count)
        .With("parameters", tensors.Sum(tensor => tensor.ElementCount))
        .With("element types", tensors.Select(TypeOf).Distinct().ToArray())
        .With("size in memory", new ByteSize(tensors.Sum(tensor => tensor.ByteCount)))
        .With(new ReportTable(
            "tensors by name", ["name", "type", "shape", "size"],
            [.. tensors.Select(Row)]));

    private static object?[] Row(StoredTensor tensor) =>
        [tensor.Name, TypeOf(tensor), $"[{string.Join(", ", tensor.Shape)}]", new ByteSize(tensor.ByteCount)];

    /// <summary>The element type as TorchSharp calls it, or as the file does where TorchSharp has none.</summary>
    private static string TypeOf(StoredTensor tensor) => tensor.ElementType?.ToString() ?? tensor.StorageType;
}
