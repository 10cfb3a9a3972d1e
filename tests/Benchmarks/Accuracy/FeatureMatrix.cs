using System.Text;
using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;

namespace Benchmarks.Accuracy;

/// <summary>Numbers of rows under named slots, kept on disk: a line of JSON, then the numbers.</summary>
/// <param name="Slots">The names of the slots.</param>
/// <param name="Values">[rows, slots].</param>
/// <param name="Seconds">Processor time that they took.</param>
internal sealed record FeatureMatrix(string[] Slots, float[] Values, double Seconds)
{
    public int Rows => Values.Length / Slots.Length;

    /// <summary>The numbers of one row.</summary>
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Slots.Length, Slots.Length);

    /// <summary>One slot of all rows.</summary>
    public float[] Column(string slot) => Column(Array.IndexOf(Slots, slot));

    public float[] Column(int slot) => [.. Enumerable.Range(0, Rows).Select(row => Values[(row * Slots.Length) + slot])];

    /// <summary>Only the slots of some names.</summary>
    public FeatureMatrix Where(Func<string, bool> isWanted)
    {
        int[] kept = [.. Enumerable.Range(0, Slots.Length).Where(slot => isWanted(Slots[slot]))];
        return new(
            [.. kept.Select(slot => Slots[slot])],
            [.. Enumerable.Range(0, Rows).SelectMany(row => kept.Select(slot => Values[(row * Slots.Length) + slot]))], Seconds);
    }

    /// <summary>Several matrices of the same rows side by side.</summary>
    public static FeatureMatrix Join(IReadOnlyList<FeatureMatrix> parts) => new(
        [.. parts.SelectMany(part => part.Slots)],
        [.. Enumerable.Range(0, parts[0].Rows).SelectMany(row => parts.SelectMany(part => part.Row(row).ToArray()))],
        parts.Sum(part => part.Seconds));

    public void Save(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        AtomicFile.Write(file, stream =>
        {
            stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new Header(Slots, Seconds)) + "\n"));
            stream.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes(Values.AsSpan()));
        });
    }

    public static FeatureMatrix Load(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int end = Array.IndexOf(bytes, (byte)'\n');
        Header header = JsonSerializer.Deserialize<Header>(bytes.AsSpan(0, end))!;
        float[] values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan(end + 1)).ToArray();
        return values.Length % header.Slots.Length == 0
            ? new FeatureMatrix(header.Slots, values, header.Seconds)
            : throw new FormatException(
                $"{file} has {values.Length} numbers for {header.Slots.Length} slots; delete it to compute it anew.");
    }

    private sealed record Header(string[] Slots, double Seconds);
}
