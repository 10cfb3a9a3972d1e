using System.Text;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Weights;

[TestClass]
public sealed class GgufHeaderTests
{
    [TestMethod]
    public void A_real_model_has_the_shape_that_it_is_known_for()
    {
        GgufHeader header = GgufHeader.Read(
            Path.Combine(Goldens.RealModel("smollm2-135m-instruct-q4_1"), "SmolLM2-135M-Instruct.Q4_1.gguf"));
        Assert.AreEqual(3, header.Version);
        Dictionary<string, object> settings = header.Metadata.ToDictionary();
        Assert.AreEqual("llama", settings["general.architecture"]);
        Assert.AreEqual(30u, settings["llama.block_count"]);
        Assert.AreEqual("[49152 of String]", $"{settings["tokenizer.ggml.tokens"]}");
        Assert.HasCount(272, header.Tensors);
        Assert.AreEqual(134_515_008, header.Tensors.Sum(tensor => tensor.ElementCount));
        StoredTensor down = header.Tensors.Single(tensor => tensor.Name == "blk.29.ffn_down.weight");
        CollectionAssert.AreEqual(new long[] { 576, 1536 }, down.Shape);
        Assert.AreEqual(576 * 1536 / 32 * 20, down.ByteCount, "4-bit blocks of 32 with a scale and a least value");
    }

    [TestMethod]
    public void Settings_of_every_type_and_tensors_are_read()
    {
        GgufHeader header = Parse(Written());
        Assert.AreEqual(
            "byte 200, signed -3, flag True, small 7, name text, real 0.5, large 18446744073709551615, minus -1, list [2 of String], nested [2 of Array]",
            string.Join(", ", header.Metadata.Select(setting => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{setting.Key} {setting.Value}"))));
        Assert.AreEqual("a F32 [2, 3], b Q8_0 [32]", string.Join(", ", header.Tensors));
        Assert.AreEqual(ScalarType.Float32, header.Tensors[0].ElementType);
        Assert.IsNull(header.Tensors[1].ElementType);
        Assert.AreEqual(34, header.Tensors[1].ByteCount);
        Assert.AreEqual(header.Tensors[0].Offset + 32, header.Tensors[1].Offset);
    }

    [TestMethod]
    public void A_cut_file_is_refused_wherever_it_is_cut()
    {
        byte[] whole = Written();
        for (int length = 0; length < whole.Length; length++)
        {
            WeightFileException error = Assert.ThrowsExactly<WeightFileException>(
                () => Parse(whole[..length]), $"{length} of {whole.Length} bytes");
            StringAssert.Contains(error.Message, "test.gguf");
        }
    }

    [TestMethod]
    public void Lying_sizes_take_no_memory()
    {
        byte[] whole = Written();
        for (int at = 8; at < whole.Length - 8; at++)
        {
            byte[] changed = [.. whole];
            BitConverter.TryWriteBytes(changed.AsSpan(at), 0x7FFF_FFFF_FFF0L);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Parse(changed);
            }
            catch (WeightFileException)
            {
            }

            Assert.IsLessThan(1L << 20, GC.GetAllocatedBytesForCurrentThread() - before, $"size at byte {at}");
        }
    }

    /// <summary>A small file with all that the format has.</summary>
    internal static byte[] Written()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write("GGUF"u8);
        writer.Write(3);
        writer.Write(2L);
        writer.Write(10L);
        Setting("byte", GgufValueType.UInt8).Write((byte)200);
        Setting("signed", GgufValueType.Int8).Write((sbyte)-3);
        Setting("flag", GgufValueType.Bool).Write(true);
        Setting("small", GgufValueType.UInt16).Write((ushort)7);
        Setting("name", GgufValueType.String);
        Text("text");
        Setting("real", GgufValueType.Float64).Write(0.5);
        Setting("large", GgufValueType.UInt64).Write(ulong.MaxValue);
        Setting("minus", GgufValueType.Int32).Write(-1);
        Setting("list", GgufValueType.Array).Write((uint)GgufValueType.String);
        writer.Write(2L);
        Text("one");
        Text("");
        Setting("nested", GgufValueType.Array).Write((uint)GgufValueType.Array);
        writer.Write(2L);
        foreach (int count in new[] { 1, 0 })
        {
            writer.Write((uint)GgufValueType.Int16);
            writer.Write((long)count);
            writer.Write(new byte[2 * count]);
        }

        Tensor("a", 0, 0, 3, 2);
        Tensor("b", 8, 32, 32);
        writer.Write(new byte[-stream.Length & 31]);
        writer.Write(new byte[32 + 34]);
        return stream.ToArray();

        BinaryWriter Setting(string name, GgufValueType type)
        {
            Text(name);
            writer.Write((uint)type);
            return writer;
        }

        void Tensor(string name, uint type, long offset, params long[] sizes)
        {
            Text(name);
            writer.Write(sizes.Length);
            Array.ForEach(sizes, writer.Write);
            writer.Write(type);
            writer.Write(offset);
        }

        void Text(string text)
        {
            writer.Write((long)text.Length);
            writer.Write(Encoding.UTF8.GetBytes(text));
        }
    }

    private static GgufHeader Parse(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        using WeightBytes file = WeightBytes.Read(stream, "test.gguf");
        return GgufHeader.Parse(file);
    }
}
