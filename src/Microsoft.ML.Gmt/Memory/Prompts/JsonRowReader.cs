using System.Text.Json;
using System.Text.Unicode;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// Reads the items of a JSON array, or JSON values one after another (JSON lines), from a file of any size: a row and a block are in
/// memory, no more.
/// </summary>
internal sealed class JsonRowReader(string file, Stream stream) : IDisposable
{
    private const int BlockSize = 1 << 16;
    private byte[] _buffer = new byte[BlockSize];
    private int _start;
    private int _end;
    private bool _isFinal;
    private bool _isBegun;
    private bool _inArray;
    private bool _arrayEnded;
    private long _linesDone;
    private JsonReaderState _state = new(new JsonReaderOptions { AllowMultipleValues = true });

    private enum Step
    {
        MoreNeeded,
        Bracket,
        Row,
        End,
    }

    /// <summary>Rows read.</summary>
    public long Row { get; private set; }

    /// <summary>The line where the last row begins, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>Reads the next row.</summary>
    /// <param name="row">The row, and its place for errors; it stays valid.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="GmtFileException">The file is not valid JSON there.</exception>
    public bool TryRead(out JsonPart row)
    {
        row = default;
        try
        {
            while (true)
            {
                var reader = new Utf8JsonReader(_buffer.AsSpan(_start, _end - _start), _isFinal, _state);
                switch (Advance(ref reader, out JsonElement element))
                {
                    case Step.Row:
                        Row++;
                        row = new JsonPart(file, $"row {Row} (line {Line})", element);
                        return true;
                    case Step.MoreNeeded:
                        Fill();
                        break;
                    case Step.End:
                        return false;
                }
            }
        }
        catch (JsonException error)
        {
            throw JsonPart.Malformed(file, error);
        }
    }

    public void Dispose() => stream.Dispose();

    private Step Advance(ref Utf8JsonReader reader, out JsonElement row)
    {
        row = default;
        if (!reader.Read())
        {
            return _isFinal ? Step.End : Step.MoreNeeded;
        }

        bool opens = !_inArray && Row == 0 && reader.TokenType == JsonTokenType.StartArray;
        if (!_arrayEnded && (opens || (_inArray && reader.TokenType == JsonTokenType.EndArray)))
        {
            (_inArray, _arrayEnded) = (opens, !opens);
            Consume(ref reader);
            return Step.Bracket;
        }

        int begin = (int)reader.TokenStartIndex;
        if (_arrayEnded)
        {
            throw new JsonException(
                "the array of rows ends before this; remove what follows it.", null, _linesDone + LinesBefore(begin), 0);
        }

        if (!JsonDocument.TryParseValue(ref reader, out JsonDocument? document))
        {
            return Step.MoreNeeded;
        }

        Line = _linesDone + LinesBefore(begin) + 1;
        using (document)
        {
            // The parser does not look into texts.
            if (!Utf8.IsValid(_buffer.AsSpan(_start + begin, (int)reader.BytesConsumed - begin)))
            {
                throw new GmtFileException(file, $"row {Row + 1} (line {Line})", "the text is not valid UTF-8.");
            }

            row = document.RootElement.Clone();
        }

        Consume(ref reader);
        return Step.Row;
    }

    private void Consume(ref Utf8JsonReader reader)
    {
        _linesDone += LinesBefore((int)reader.BytesConsumed);
        _start += (int)reader.BytesConsumed;
        _state = reader.CurrentState;
    }

    private long LinesBefore(int length) => _buffer.AsSpan(_start, length).Count((byte)'\n');

    /// <summary>Reads a block behind what is not used yet; the buffer doubles where a row does not fit in.</summary>
    private void Fill()
    {
        byte[] target = _end - _start > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        _buffer.AsSpan(_start, _end - _start).CopyTo(target);
        (_buffer, _start, _end) = (target, 0, _end - _start);
        int read = stream.ReadAtLeast(_buffer.AsSpan(_end), _buffer.Length - _end, throwOnEndOfStream: false);
        _isFinal = read < _buffer.Length - _end;
        _end += read;
        ReadOnlySpan<byte> head = _buffer.AsSpan(0, _isBegun ? 0 : Math.Min(_end, MistakenFile.HeadLength));
        if (MistakenFile.RecognizeInText(head) is { } mistake)
        {
            throw new GmtFileException(file, null, mistake.Problem, mistake.Remedy);
        }

        if (!_isBegun && _buffer.AsSpan(0, _end).StartsWith("\uFEFF"u8))
        {
            _start = 3;
        }

        _isBegun = true;
    }
}
