using System.Text.Json;

namespace Microsoft.ML.Gmt.Weights;

/// <content>What the header's JSON says of each tensor.</content>
internal sealed partial class SafetensorsHeader
{
    private const int DeepestJson = 8; // a header needs three levels; more only occurs in fields that are ignored

    private void Parse(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = DeepestJson });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Fault("the header is not a JSON object.", LengthBytes);
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = reader.GetString()!;
                reader.Read();
                if (name == "__metadata__")
                {
                    ParseMetadata(ref reader);
                }
                else if (!_tensors.TryAdd(name, ParseTensor(name, json.Length, ref reader)))
                {
                    throw Fault("the name occurs twice.", LengthBytes + reader.TokenStartIndex, name);
                }
            }

            if (reader.Read())
            {
                throw Fault("something follows the header's JSON object.", LengthBytes + reader.TokenStartIndex);
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Invalid escapes surface as InvalidOperationException only when a string is taken out.
            throw Fault($"the header is not valid JSON: {error.Message}", LengthBytes + reader.BytesConsumed, cause: error);
        }
    }

    private void ParseMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Fault("__metadata__ is not an object of strings.", LengthBytes + reader.TokenStartIndex);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String || !_metadata.TryAdd(key, reader.GetString()!))
            {
                throw Fault($"__metadata__ entry '{key}' is not a string, or occurs twice.", LengthBytes + reader.TokenStartIndex);
            }
        }
    }

    private StoredTensor ParseTensor(string name, int headerLength, ref Utf8JsonReader reader)
    {
        long at = LengthBytes + reader.TokenStartIndex;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw Fault("the entry is not an object.", at, name);
        }

        string? type = null;
        List<long>? shape = null;
        List<long>? range = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string? field = reader.GetString();
            reader.Read();
            bool repeated = false;
            switch (field)
            {
                case "dtype":
                    repeated = type is not null;
                    type = reader.TokenType == JsonTokenType.String ? reader.GetString() : throw Fault("dtype is not a string.", at, name);
                    break;
                case "shape":
                    repeated = shape is not null;
                    shape = ParseNumbers(ref reader, field, name);
                    break;
                case "data_offsets":
                    repeated = range is not null;
                    range = ParseNumbers(ref reader, field, name);
                    break;
                default:
                    reader.Skip();
                    break;
            }

            if (repeated)
            {
                throw Fault($"'{field}' occurs twice.", at, name);
            }
        }

        if (type is null || shape is null || range is not { Count: 2 })
        {
            throw Fault("the entry needs dtype, shape and two data_offsets.", at, name);
        }

        SafetensorsType known = SafetensorsType.Find(type) ?? throw Fault($"element type '{type}' is not known.", at, name);
        long start = LengthBytes + headerLength;
        if (range[0] > range[1] || range[1] > _file.Length - start)
        {
            throw Fault($"data_offsets [{range[0]}, {range[1]}] do not lie within the {_file.Length - start} bytes of data.", at, name);
        }

        CheckSize(known, shape, range[1] - range[0], at, name);
        return new StoredTensor(name, known.Name, known.ElementType, shape.AsReadOnly(), start + range[0], range[1] - range[0]);
    }

    private List<long> ParseNumbers(ref Utf8JsonReader reader, string field, string tensor)
    {
        List<long> numbers = [];
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) && number >= 0)
            {
                numbers.Add(number);
            }
        }

        return reader.TokenType == JsonTokenType.EndArray
            ? numbers
            : throw Fault($"{field} is not an array of whole numbers from 0.", LengthBytes + reader.TokenStartIndex, tensor);
    }

    private void CheckSize(SafetensorsType type, List<long> shape, long byteCount, long at, string name)
    {
        const int MostDimensions = 64; // libtorch's own limit
        string sizes = string.Join(", ", shape.Take(MostDimensions));
        Int128 bits = type.Bits;
        foreach (long size in shape)
        {
            // Zero sizes are left out: libtorch multiplies the others too. Both factors stay below 2^66, so the product fits before it is
            // compared.
            bits *= Math.Max(1, size);
            if (bits > (Int128)long.MaxValue * 8 || shape.Count > MostDimensions)
            {
                throw Fault($"shape [{sizes}] overflows or has more than {MostDimensions} dimensions.", at, name);
            }
        }

        if ((shape.Contains(0) ? 0 : bits) != (Int128)byteCount * 8)
        {
            throw Fault($"{type.Name} [{sizes}] does not fill the {byteCount} bytes of its data_offsets.", at, name);
        }
    }
}
