using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

/// <summary>
/// Mutates valid files: a reader may give tensors or throw <see cref="WeightFileException"/>, nothing else, and its memory is bounded by
/// the file's size. The mutations are seeded; time bounds how many of them a run gets through: 4 seconds for each format, or
/// GMT_FUZZ_SECONDS.
/// </summary>
[TestClass]
public sealed class WeightFileFuzzTests
{
    private static readonly TimeSpan Budget =
        TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("GMT_FUZZ_SECONDS"), CultureInfo.InvariantCulture, out int seconds) ? seconds : 4);

    /// <summary>Takes the number of inputs that a run got through.</summary>
    public required TestContext TestContext { get; set; }

    [TestInitialize]
    public void LoadTorch() => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void Mutated_safetensors_files_are_read_or_refused() =>
        Fuzz("llm/safetensors/valid", "*.safetensors", [WrittenSafetensors()], FuzzTargets.Safetensors);

    [TestMethod]
    public void Mutated_checkpoints_are_read_or_refused() =>
        Fuzz("llm/torch/valid", "*.pth", [WrittenCheckpoint()], FuzzTargets.Checkpoint);

    [TestMethod]
    public void Mutated_pickles_are_read_or_refused() => Fuzz("llm/torch/valid", "*.legacy*.pth", [], FuzzTargets.Pickle, AfterHeader);

    [TestMethod]
    public void Mutated_gguf_headers_are_read_or_refused() => Fuzz([GgufHeaderTests.Written()], FuzzTargets.Gguf);

    [TestMethod]
    public void Every_file_that_was_cut_is_refused()
    {
        byte[] safetensors = WrittenSafetensors();
        byte[] checkpoint = WrittenCheckpoint();
        for (int length = 0; length < safetensors.Length; length++)
        {
            Assert.ThrowsExactly<WeightFileException>(
                () => FuzzTargets.Safetensors(safetensors[..length]), $"{length} of {safetensors.Length} bytes");
        }

        for (int length = 0; length < checkpoint.Length; length++)
        {
            Assert.ThrowsExactly<WeightFileException>(
                () => FuzzTargets.Checkpoint(checkpoint[..length]), $"{length} of {checkpoint.Length} bytes");
        }
    }

    private void Fuzz(string goldens, string pattern, List<byte[]> seeds, Action<byte[]> read, Func<byte[], byte[]>? trim = null)
    {
        const int LargestSeed = 8 << 10;
        seeds.AddRange(Directory.GetFiles(Goldens.Root(goldens), pattern).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(bytes => bytes.Length <= LargestSeed).Select(trim ?? (bytes => bytes)));
        Fuzz(seeds, read);
    }

    private void Fuzz(List<byte[]> seeds, Action<byte[]> read)
    {
        Random random = new(20260711);
        int mapped = WeightBytes.LiveCount;
        int accepted = 0;
        int inputs = 0;
        for (Stopwatch clock = Stopwatch.StartNew(); clock.Elapsed < Budget; inputs++)
        {
            byte[] input = Mutate(seeds[random.Next(seeds.Count)], seeds[random.Next(seeds.Count)], random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(input);
                accepted++;
            }
            catch (WeightFileException)
            {
                // A refusal is a right answer.
            }
            catch (Exception error)
            {
                throw new AssertFailedException(
                    $"Input {inputs}: {error.GetType().Name} {error.Message}\n{Convert.ToBase64String(input)}", error);
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.IsLessThan((1024L * input.Length) + (1 << 20), allocated, $"Input {inputs}: {Convert.ToBase64String(input)}");
        }

        TestContext.WriteLine($"{inputs} inputs, {accepted} of them accepted");
        Assert.AreEqual(mapped, WeightBytes.LiveCount, "no bytes are left behind");
        Assert.IsGreaterThan(100, inputs);
        Assert.IsGreaterThan(0, accepted, "mutations that miss every check are too harmless or too rough to test anything");
    }

    // Leaves the three small pickles out that the older format begins with.
    private static byte[] AfterHeader(byte[] file)
    {
        int start = 0;
        for (int i = 0; i < 3; i++)
        {
            Unpickler.Read(file.AsSpan(start), "seed", start, [], out int length);
            start += length;
        }

        return file[start..];
    }

    private static byte[] Mutate(byte[] seed, byte[] other, Random random)
    {
        List<byte> bytes = [.. seed];
        for (int edits = 1 + random.Next(4); edits > 0 && bytes.Count > 0; edits--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(1 + random.Next(random.Next(3) == 0 ? 64 : 4), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 4: bytes.RemoveRange(at, bytes.Count - at); break;
                case 5: Overwrite(bytes, at, Interesting(random)); break;
                case 6: Overwrite(bytes, at, other.AsSpan(random.Next(other.Length)).ToArray().Take(length)); break;
                default: Overwrite(bytes, at, bytes.GetRange(random.Next(bytes.Count - length + 1), length)); break;
            }
        }

        return [.. bytes];
    }

    private static byte[] Interesting(Random random)
    {
        long value = ((long[])[0, 1, -1, int.MaxValue, int.MinValue, uint.MaxValue, long.MaxValue, long.MinValue, 1L << 40, 127, 255])[random.Next(11)];
        byte[] bytes = BitConverter.GetBytes(value);
        return bytes[..(1 << random.Next(4))];
    }

    private static void Overwrite(List<byte> bytes, int at, IEnumerable<byte> values)
    {
        foreach (byte value in values)
        {
            if (at < bytes.Count)
            {
                bytes[at++] = value;
            }
        }
    }

    private static byte[] WrittenSafetensors()
    {
        using DisposeScope scope = NewDisposeScope();
        using MemoryStream stream = new();
        SafetensorsWriter.Write(stream, [new("a", ones(2, 3)), new("b", zeros(0, 4)), new("c", ones(3, dtype: ScalarType.Int64))]);
        return stream.ToArray();
    }

    private static byte[] WrittenCheckpoint()
    {
        using DisposeScope scope = NewDisposeScope();
        using MemoryStream stream = new();
        TorchFileWriter.Write(
            stream, new Dictionary<string, object?> { ["a"] = ones(2, 3), ["list"] = new List<object?> { 1, "x", ones(2) } });
        return stream.ToArray();
    }
}
