using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Weights;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

[TestClass]
public sealed class RelationSemanticsTests
{
    [TestInitialize]
    public void LoadTorch() => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void Files_give_what_the_reference_reads_from_them()
    {
        string folder = Goldens.Root("reference/checkpoints");
        JsonElement settings = WeightGoldens.Json(Path.Combine(folder, "settings.json"));
        int relations = settings.GetProperty("num_relations").GetInt32();
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(folder, "semantics-outputs.safetensors"));
        foreach (JsonElement item in settings.GetProperty("relation_semantics").EnumerateArray())
        {
            using DisposeScope scope = NewDisposeScope();
            string name = item.GetProperty("file").GetString()!;
            string path = Path.Combine(folder, name);
            bool addInverse = item.GetProperty("add_inverse").GetBoolean();
            if (item.TryGetProperty("error", out _))
            {
                WeightFileException error = Assert.ThrowsExactly<WeightFileException>(
                    () => RelationSemantics.Load(path, relations, addInverse));
                StringAssert.Contains(error.Message, Path.GetFileName(name));
                continue;
            }

            Tensor actual = RelationSemantics.Load(path, relations, addInverse);
            WeightGoldens.AssertSame(expected.Get($"{Path.GetFileName(name)}/{(addInverse ? "inverse" : "plain")}"), actual, name);
            Assert.IsTrue(actual.is_contiguous(), name);
        }
    }

    [TestMethod]
    public void A_path_that_is_not_there_is_an_error_and_never_becomes_random_vectors() =>
        Assert.ThrowsExactly<FileNotFoundException>(
            () => RelationSemantics.Load(Path.Combine(Path.GetTempPath(), "gmt-no-such-file.pt"), 7));

    [TestMethod]
    public void A_file_with_another_number_of_relations_is_an_error_that_names_both()
    {
        using var folder = new TemporaryFolder();
        string path = folder["relations.safetensors"];
        using (Tensor five = zeros(5, 3))
        {
            SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["rel_embeddings"] = five });
        }

        WeightFileException error = Assert.ThrowsExactly<WeightFileException>(() => RelationSemantics.Load(path, 7));
        StringAssert.Contains(error.Message, "[7, width]");
        StringAssert.Contains(error.Message, "[5, 3]");
    }

    [TestMethod]
    public void Drawn_vectors_are_those_of_the_reference_for_the_same_seed()
    {
        using DisposeScope scope = NewDisposeScope();
        using SafetensorsFile expected = SafetensorsFile.Open(Goldens.Root("reference/checkpoints/semantics-outputs.safetensors"));
        foreach (string name in expected.Names.Where(name => name.StartsWith("missing-file-and-seed-", StringComparison.Ordinal)))
        {
            Tensor golden = expected.Get(name);
            using Generator generator = new(ulong.Parse(name.Split('-')[^1], System.Globalization.CultureInfo.InvariantCulture));
            Tensor drawn = RelationSemantics.Draw((int)golden.size(0), (int)golden.size(1), generator);
            Assert.IsLessThan(1e-6f, (golden - drawn).abs().max().item<float>(), name);
        }
    }

    [TestMethod]
    public void Drawn_vectors_with_inverse_relations_stand_twice()
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = new(1);
        Tensor drawn = RelationSemantics.Draw(6, 4, generator, addInverse: true);
        CollectionAssert.AreEqual(new long[] { 12, 4 }, drawn.shape);
        WeightGoldens.AssertSame(drawn[..6], drawn[6..], "both halves");
    }
}
