using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>Whatever bytes a file holds, reading it gives a graph or the documented exception.</summary>
[TestClass]
public sealed class ReaderFuzzTests
{
    private static readonly byte[][] Scraps =
        ["\n"u8.ToArray(), "\r"u8.ToArray(), "\t"u8.ToArray(), " "u8.ToArray(), ","u8.ToArray(), "\""u8.ToArray(), "-"u8.ToArray(), "_"u8.ToArray(), "0"u8.ToArray(), "9999999999"u8.ToArray(),
            [0], [0xFF], [0xC3], [0xEF, 0xBB, 0xBF], "ü"u8.ToArray(), "🌟"u8.ToArray(), "head"u8.ToArray()];

    [TestMethod]
    [DataRow(OpenKeCompatibility.Strict)]
    [DataRow(OpenKeCompatibility.Reference)]
    public void Mutated_openke_folders(OpenKeCompatibility compatibility)
    {
        using TemporaryFolder folder = Graphs.OpenKe();
        string[] files = [.. Directory.EnumerateFiles(folder.Path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];
        var random = new System.Random(11);
        int readable = 0;
        for (int round = 0; round < 1500; round++)
        {
            string file = files[random.Next(files.Length)];
            byte[] whole = File.ReadAllBytes(folder[file]);
            folder.With(file, Mutate(random, whole));
            readable += IsReadable(() => KnowledgeGraphReader.ReadOpenKe(folder.Path, new OpenKeOptions { Compatibility = compatibility }))
                ? 1
                : 0;
            folder.With(file, whole);
        }

        Assert.IsTrue(readable is > 0 and < 1500, $"{readable} of 1500 were readable");
    }

    [TestMethod]
    public void Mutated_and_random_delimited_files()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = "head,relation,tail,label\n\"Zürich, city\",in,Europe,1\nEurope,has,\"a \"\"name\"\"\",0\n"u8.ToArray();
        var random = new System.Random(12);
        int readable = 0;
        for (int round = 0; round < 1500; round++)
        {
            byte[] noise = new byte[random.Next(60)];
            random.NextBytes(noise);
            folder.With("train.csv", round % 3 == 0 ? noise : Mutate(random, whole));
            readable += IsReadable(() => KnowledgeGraphReader.ReadDelimited(folder["train.csv"])) ? 1 : 0;
        }

        Assert.IsTrue(readable is > 0 and < 1500, $"{readable} of 1500 were readable");
    }

    private static bool IsReadable(Func<KnowledgeGraph> read)
    {
        try
        {
            Graphs.Describe(read());
            return true;
        }
        catch (GraphFormatException)
        {
            return false;
        }
    }

    private static byte[] Mutate(System.Random random, byte[] bytes)
    {
        List<byte> mutated = [.. bytes];
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            int at = random.Next(mutated.Count + 1);
            int length = Math.Min(random.Next(5), mutated.Count - at);
            switch (random.Next(4))
            {
                case 0:
                    mutated.InsertRange(at, Scraps[random.Next(Scraps.Length)]);
                    break;
                case 1:
                    mutated.RemoveRange(at, length);
                    break;
                case 2:
                    mutated.InsertRange(random.Next(mutated.Count + 1), mutated.GetRange(at, length));
                    break;
                default:
                    mutated.RemoveRange(at, mutated.Count - at);
                    break;
            }
        }

        return [.. mutated];
    }
}
