using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Weights;

/// <summary>Writes safetensors files.</summary>
/// <remarks>
/// Tensors with wide elements come first, else in the given order, so that every tensor is aligned for mapping. Equal input gives equal
/// bytes.
/// </remarks>
internal static class SafetensorsWriter
{
    private static readonly JsonWriterOptions Json = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = false,
    };

    /// <summary>Writes a file atomically: it appears under its name only when it is complete.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="tensors">Names and tensors, on any device, of any stride. They are not disposed.</param>
    /// <param name="metadata">Free text entries of the header; null writes the usual <c>format: pt</c>.</param>
    /// <exception cref="ArgumentException">A name occurs twice or is reserved, or the format has no such element type.</exception>
    public static void Write(
        string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        List<KeyValuePair<string, Tensor>> ordered = Order(tensors);
        AtomicFile.Write(path, stream => Write(stream, ordered, metadata));
    }

    /// <summary>Writes to a stream, from its current position. The stream need not be seekable and stays open.</summary>
    /// <param name="stream">A writable stream.</param>
    /// <param name="tensors">Names and tensors, on any device, of any stride. They are not disposed.</param>
    /// <param name="metadata">Free text entries of the header; null writes the usual <c>format: pt</c>.</param>
    /// <exception cref="ArgumentException">A name occurs twice or is reserved, or the format has no such element type.</exception>
    public static void Write(
        Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        List<KeyValuePair<string, Tensor>> ordered = Order(tensors);
        byte[] header = Header(ordered, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach ((_, Tensor tensor) in ordered)
        {
            using DisposeScope scope = NewDisposeScope();
            NativeTensor.ForEachPart(tensor.detach().cpu().contiguous(), stream.Write);
        }
    }

    private static List<KeyValuePair<string, Tensor>> Order(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        TorchRuntime.EnsureLoaded();
        HashSet<string> names = new(StringComparer.Ordinal) { "__metadata__" };
        List<KeyValuePair<string, Tensor>> given = [.. tensors];
        foreach ((string name, Tensor tensor) in given)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"Tensor name '{name}' occurs twice or is reserved by the format.", nameof(tensors));
            }

            if (SafetensorsType.Find(tensor.dtype) is null)
            {
                throw new ArgumentException(
                    $"Tensor '{name}' has element type {tensor.dtype}, which safetensors does not have; convert it first.",
                    nameof(tensors));
            }
        }

        return [.. given.OrderByDescending(pair => pair.Value.element_size())];
    }

    private static byte[] Header(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer, Json))
        {
            json.WriteStartObject();
            json.WriteStartObject("__metadata__");
            foreach ((string key, string value) in metadata ?? new Dictionary<string, string> { ["format"] = "pt" })
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            long offset = 0;
            foreach ((string name, Tensor tensor) in tensors)
            {
                long end = offset + (tensor.numel() * tensor.element_size());
                WriteEntry(json, name, tensor, offset, end);
                offset = end;
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of 8 keep the data aligned.
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, Tensor tensor, long start, long end)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", SafetensorsType.Find(tensor.dtype)!.Name);
        json.WriteStartArray("shape");
        foreach (long size in tensor.shape)
        {
            json.WriteNumberValue(size);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(start);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
