using System.Text;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Graph;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class MistakenFileTests : IDisposable
{
    private const string Pointer = """
        version https://git-lfs.github.com/spec/v1
        oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
        size 1048576

        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(Pointer, "Git LFS pointer", "git lfs pull")]
    [DataRow("<!DOCTYPE html>\n<html><head>", "HTML", "Download")]
    [DataRow("\n  <html lang=\"en\">", "HTML", "Download")]
    [DataRow("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>", "XML", "Download")]
    [DataRow("Entry not found", "'Entry not found'", "Download")]
    [DataRow("Invalid username or password.", "server's answer", "signed in")]
    [DataRow("", "empty", "Download")]
    public void Weights_of_either_kind_and_json_say_what_lies_in_their_place(string content, string what, string remedy)
    {
        Action<string>[] readers = [path => WeightStore.Open(path).Dispose(), path => JsonPart.Read(path)];
        foreach (Action<string> read in readers)
        {
            foreach (string name in new[] { "model.safetensors", "pytorch_model.bin", "model.safetensors.index.json" })
            {
                string path = _folder.Write(name, content);
                string message = Assert.Throws<GmtFileException>(() => read(path)).Message;
                StringAssert.Contains(message, what);
                StringAssert.Contains(message, remedy);
                StringAssert.Contains(message, path);
            }
        }
    }

    [TestMethod]
    public void Archives_zeros_and_other_formats_are_named()
    {
        Recognizes([0x1F, 0x8B, 8, 0], "gzip");
        Recognizes(new byte[MistakenFile.HeadLength], "not downloaded to the end");
        Recognizes("GGUF\x03\0\0\0"u8.ToArray(), "llama.cpp");
        string zip = _folder.Write("model.safetensors", "PK\x03\x04and more of it");
        StringAssert.Contains(Assert.ThrowsExactly<WeightFileException>(() => SafetensorsFile.Open(zip)).Message, "zip archive");

        static void Recognizes(byte[] head, string what) => StringAssert.Contains(MistakenFile.Recognize(head)?.Problem, what);
    }

    [TestMethod]
    public void A_graph_file_says_what_lies_in_its_place_in_every_form_of_graph()
    {
        (byte[] Bytes, string What)[] mistakes =
        [
            (Encoding.UTF8.GetBytes(Pointer), "Git LFS pointer"), ("\uFEFF<!DOCTYPE html>\n<html>"u8.ToArray(), "HTML"),
            ("\n <HTML><body>"u8.ToArray(), "HTML"), ("# xet version 0\n"u8.ToArray(), "Xet"), ([0x1F, 0x8B, 8, 0, 9], "gzip"),
            ("PK\x03\x04\x14\0"u8.ToArray(), "zip archive"), ("BZh61AY&SY\x01"u8.ToArray(), "bzip2"),
            ([0x28, 0xB5, 0x2F, 0xFD, 1], "Zstandard"), ("SQLite format 3\0"u8.ToArray(), "SQLite"),
            ([0xD0, 0xCF, 0x11, 0xE0, 0xA1], "spreadsheet"),
        ];
        string[] openKe = ["entity2id.txt", "relation2id.txt", "train2id.txt", "valid_neg2id.txt", "entity2text.txt"];
        foreach ((byte[] bytes, string what) in mistakes)
        {
            foreach (string name in openKe)
            {
                using TemporaryFolder folder = Graphs.OpenKe().With(name, bytes);
                Says(folder[name], what, () => KnowledgeGraphReader.Read(folder.Path));
            }

            using TemporaryFolder names = new TemporaryFolder().With("train.tsv", "a\tr\tb\n").With("test.tsv", bytes);
            Says(names["test.tsv"], what, () => KnowledgeGraphReader.Read(names.Path));
            Says(names["test.tsv"], what, () => KnowledgeGraphReader.Read(names["test.tsv"]));
            using TemporaryFolder libKge = new TemporaryFolder().With("entity_ids.del", "0\ta\n1\tb\n").With("relation_ids.del", "0\tr\n")
                .With("train.del", bytes);
            Says(libKge["train.del"], what, () => KnowledgeGraphReader.Read(libKge.Path));
            string saved = _folder[$"{what}.gmtgraph"], definitions = _folder["definitions.txt"];
            File.WriteAllBytes(saved, bytes);
            Says(saved, what, () => KnowledgeGraphReader.Read(saved));
            File.WriteAllBytes(definitions, bytes);
            StringAssert.Contains(Assert.ThrowsExactly<GmtFileException>(() => DefinitionFile.Read(definitions)).Message, what);
        }

        static void Says(string path, string what, Action read)
        {
            GraphFormatException error = Assert.ThrowsExactly<GraphFormatException>(read);
            Assert.AreEqual(path, error.FilePath);
            StringAssert.Contains(error.Message, what);
        }
    }

    [TestMethod]
    public void Names_like_a_servers_answers_are_names()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("t.tsv", "Not Found\tforbids\tGGUF\nGGUF\tforbids\tForbidden\n");
        CollectionAssert.AreEquivalent(
            new[] { "Not Found", "GGUF", "Forbidden" }, KnowledgeGraphReader.Read(folder["t.tsv"]).Entities.Names.ToArray());
    }

    [TestMethod]
    public void What_may_be_a_file_of_its_own_kind_is_left_to_its_reader()
    {
        foreach (string text in new[] { "{}", " \n[1]", "<http://a> <http://b> <http://c> .", "versions of things", "\0\0" })
        {
            Assert.IsFalse(MistakenFile.IsInPlaceOfFile(Encoding.UTF8.GetBytes(text)), text);
        }

        Assert.IsNull(MistakenFile.Recognize("{\"model_type\": \"llama\"}"u8));
        Assert.IsNull(MistakenFile.Recognize([0x80, 2, (byte)'}']));
    }

    [TestMethod]
    public void A_folder_without_model_files_says_what_it_holds_instead()
    {
        Says(folder => WeightStore.Open(folder), "llama.cpp", ("config.json", "{}"), ("tiny.Q4_0.gguf", "GGUF"));
        Says(folder => TokenizerFolder.Load(folder), "llama.cpp", ("config.json", "{}"), ("tiny.Q4_0.gguf", "GGUF"));
        Says(folder => WeightStore.Open(folder), "one of several shards", ("config.json", "{}"), ("model-00001-of-00002.safetensors", "x"));
        Says(folder => WeightStore.Open(folder), "name it model.safetensors", ("weights.safetensors", "x"));
        Says(folder => WeightStore.Open(folder), "merge_and_unload", ("adapter_config.json", "{}"), ("adapter_model.safetensors", "x"));
        Says(folder => TokenizerFolder.Load(folder), "git lfs pull", ("tokenizer.model", Pointer));

        void Says(Action<string> load, string what, params (string Name, string Text)[] files)
        {
            using var folder = new TemporaryFolder();
            Array.ForEach(files, file => folder.Write(file.Name, file.Text));
            string message = Assert.ThrowsExactly<FileNotFoundException>(() => load(folder.Path)).Message;
            StringAssert.Contains(message, what);
            StringAssert.Contains(message, folder.Path);
        }
    }

    [TestMethod]
    public void A_link_that_leads_nowhere_is_named()
    {
        foreach ((string name, Action load) in ((string, Action)[])
        [
            ("model.safetensors", () => WeightStore.Open(_folder.Path)), ("config.json", () => LlamaConfig.Load(_folder.Path)),
            ("tokenizer.model", () => TokenizerFolder.Load(_folder.Path)),
        ])
        {
            File.CreateSymbolicLink(_folder[name], "../../blobs/0123");
            StringAssert.Contains(
                Assert.ThrowsExactly<FileNotFoundException>(load).Message, $"'{_folder[name]}' is a link to a file that does not exist");
        }
    }
}
