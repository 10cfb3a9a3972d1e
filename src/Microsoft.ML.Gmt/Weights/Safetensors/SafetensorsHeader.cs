using System.Buffers.Binary;
using System.Text.Unicode;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// The header of a safetensors file: eight bytes of length, then JSON. Everything it claims is checked against the file before use.
/// </summary>
internal sealed partial class SafetensorsHeader
{
    private const int LengthBytes = 8;
    private const int LongestHeader = 100_000_000; // the format's own limit

    private readonly WeightBytes _file;
    private readonly Dictionary<string, StoredTensor> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    private SafetensorsHeader(WeightBytes file) => _file = file;

    /// <summary>The tensors in the order of their bytes.</summary>
    public IReadOnlyList<StoredTensor> Tensors { get; private set; } = [];

    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    public static SafetensorsHeader Read(WeightBytes file)
    {
        SafetensorsHeader header = new(file);
        if (Mistaken(file) is { } mistake)
        {
            throw mistake;
        }

        if (file.Length < LengthBytes)
        {
            throw new WeightFileException(
                file.Path, $"a safetensors file begins with 8 bytes of header length, this file has {file.Length}.", offset: 0);
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(file.Span(0, LengthBytes));
        if (length is 0 or > LongestHeader || (long)length > file.Length - LengthBytes)
        {
            throw new WeightFileException(
                file.Path,
                $"header length {length} is not between 1 and {Math.Min(LongestHeader, file.Length - LengthBytes)}; this is no safetensors file, or it was cut.",
                offset: 0);
        }

        ReadOnlySpan<byte> json = file.Span(LengthBytes, (int)length);
        if (json[0] != '{')
        {
            throw header.Fault($"the header begins with byte 0x{json[0]:x2}, not with '{{' as the format asks for.", LengthBytes);
        }

        if (!Utf8.IsValid(json))
        {
            throw header.Fault("the header is not UTF-8.", LengthBytes);
        }

        header.Parse(json);
        header.CheckLayout(LengthBytes + (long)length);
        return header;
    }

    /// <summary>A header's length is below 2^27, so that the upper bytes of a right file's first eight are zero: no text begins
    /// so.</summary>
    private static WeightFileException? Mistaken(WeightBytes file)
    {
        ReadOnlySpan<byte> head = file.Span(0, (int)Math.Min(file.Length, MistakenFile.HeadLength));
        return head is [_, _, _, _, 0, 0, 0, 0, (byte)'{', ..] ? null
            : head is [(byte)'P', (byte)'K', ..]
                ? new WeightFileException(
                    file.Path, "this is a zip archive, no safetensors file.", remedy: "Name it .pth if torch.save wrote it.")
            : MistakenFile.Recognize(head) is { } mistake ? new WeightFileException(file.Path, mistake.Problem, remedy: mistake.Remedy)
            : null;
    }

    private WeightFileException Fault(string problem, long offset, string? tensor = null, Exception? cause = null) =>
        new(_file.Path, problem, tensor, offset, innerException: cause);

    private void CheckLayout(long dataStart)
    {
        List<StoredTensor> ordered = [.. _tensors.Values.OrderBy(tensor => tensor.Offset).ThenBy(tensor => tensor.ByteCount)];
        long expected = dataStart;
        foreach (StoredTensor tensor in ordered)
        {
            if (tensor.Offset != expected)
            {
                string fault = tensor.Offset < expected ? "overlaps the one before it" : "leaves a hole before it";
                throw Fault($"the tensor's bytes begin at {tensor.Offset}, not at {expected}: it {fault}.", tensor.Offset, tensor.Name);
            }

            expected += tensor.ByteCount;
        }

        if (expected != _file.Length)
        {
            throw Fault($"the last tensor ends here, but the file has {_file.Length} bytes.", expected);
        }

        Tensors = ordered;
    }
}
