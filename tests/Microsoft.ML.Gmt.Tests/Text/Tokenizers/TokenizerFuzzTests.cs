using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Text;

[TestClass]
public sealed class TokenizerFuzzTests
{
    private const int Mutations = 2_000;

    private static readonly string[] Texts = ["", " ", "Hello  world\n<s>é½Ⅱ</s> 😀\ud83d", "<|im_start|>it's 1984"];

    [TestMethod]
    public void Damaged_sentencepiece_models_load_or_are_refused_with_the_file_named() => Fuzz("tokenizer.model");

    [TestMethod]
    public void Damaged_json_tokenizers_load_or_are_refused_with_the_file_named() => Fuzz("tokenizer.json");

    [TestMethod]
    public void Damaged_configurations_load_or_are_refused_with_the_file_named() => Fuzz("tokenizer_config.json");

    private static void Fuzz(string name)
    {
        // The smallest files: a mutation hits structure more often.
        string source = Goldens.Cases("llm/tokenizers", folder => File.Exists(Path.Combine(folder, name)) && HasTokenizer(folder))
            .MinBy(folder => new FileInfo(Path.Combine(folder, name)).Length)!;
        byte[] original = File.ReadAllBytes(Path.Combine(source, name));
        using TokenizerCopy copy = new(source, name);
        int refused = 0;
        for (int round = 0; round < Mutations; round++)
        {
            CounterRandom random = new RandomStreams(7).Stream(name, round);
            File.WriteAllBytes(Path.Combine(copy.Folder, name), Mutate(original, ref random));
            try
            {
                TextTokenizer tokenizer = TokenizerFolder.Load(copy.Folder);
                foreach (string text in Texts)
                {
                    tokenizer.Decode(tokenizer.Encode(text), skipSpecialTokens: false);
                }
            }
            catch (GmtFileException error)
            {
                StringAssert.Contains(error.Message, copy.Folder, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.AreNotEqual(0, refused, "no mutation did any damage");
    }

    private static byte[] Mutate(byte[] original, ref CounterRandom random)
    {
        List<byte> data = [.. original];
        for (int edits = 1 + random.Next(4); edits > 0 && data.Count > 0; edits--)
        {
            // The beginning and the end hold most of the structure.
            int place = random.Next(3) switch
            {
                0 => random.Next(Math.Min(200, data.Count)),
                1 => data.Count - 1 - random.Next(Math.Min(400, data.Count)),
                _ => random.Next(data.Count),
            };
            switch (random.Next(6))
            {
                case 0: data[place] ^= (byte)(1 << random.Next(8)); break;
                case 1: data[place] = (byte)random.Next(256); break;
                case 2: data.RemoveRange(place, Math.Min(1 + random.Next(16), data.Count - place)); break;
                case 3: data.InsertRange(place, data.GetRange(place, Math.Min(1 + random.Next(64), data.Count - place))); break;
                case 4: data[place] = (byte)"\"{}[]:,0-\\n"[random.Next(11)]; break;
                default: data.RemoveRange(place, data.Count - place); break;
            }
        }

        return [.. data];
    }

    private static bool HasTokenizer(string folder)
    {
        try
        {
            TokenizerFolder.Load(folder);
            return true;
        }
        catch (Exception error) when (error is GmtFileException or FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>A copy of a tokenizer of which one file is to be damaged; another file that would be preferred is left out.</summary>
    private sealed class TokenizerCopy : IDisposable
    {
        public TokenizerCopy(string source, string name)
        {
            bool preferred = name == "tokenizer.json";
            foreach (string file in Directory.EnumerateFiles(source, "*token*").Where(file => !preferred || Path.GetExtension(file) != ".model"))
            {
                File.WriteAllBytes(Path.Combine(Folder, Path.GetFileName(file)), File.ReadAllBytes(file));
            }
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("gmt-fuzz-").FullName;

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
