using System.Text.Json;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Weights;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Kge;

[TestClass]
public sealed class OpenKeCheckpointTests
{
    [TestInitialize]
    public void LoadTorch() => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void Checkpoints_give_the_matrices_of_the_reference()
    {
        string folder = Goldens.Root("reference/checkpoints");
        using SafetensorsFile expected = SafetensorsFile.Open(Path.Combine(folder, "kge-outputs.safetensors"));
        foreach (JsonElement item in WeightGoldens.Json(Path.Combine(folder, "settings.json")).GetProperty("kge").EnumerateArray())
        {
            string name = item.GetProperty("file").GetString()!;
            string path = Path.Combine(folder, name);
            if (item.TryGetProperty("error", out JsonElement error))
            {
                WeightFileException refused = Assert.ThrowsExactly<WeightFileException>(
                    () => OpenKeCheckpoint.Load(path, OpenKeDetection.Path));
                StringAssert.Contains(refused.Message, error.GetProperty("message").GetString()!, name);
                continue;
            }

            using DisposeScope scope = NewDisposeScope();
            using OpenKeCheckpoint actual = OpenKeCheckpoint.Load(path, OpenKeDetection.Path);
            WeightGoldens.AssertSame(expected.Get($"{Path.GetFileName(name)}/entities"), actual.Entities, name);
            WeightGoldens.AssertSame(expected.Get($"{Path.GetFileName(name)}/relations"), actual.Relations, name);
        }
    }

    [TestMethod]
    public void By_tensor_names_the_path_does_not_matter()
    {
        using var folder = new TemporaryFolder();
        foreach (string path in Directory.GetFiles(Goldens.Root("reference/checkpoints/kge")))
        {
            IReadOnlyCollection<string> names;
            using (DisposeScope scope = NewDisposeScope())
            {
                names = [.. TorchFile.LoadStateDict(path).Keys];
            }

            bool isComplex = names.Any(name => name.Contains("_re_", StringComparison.Ordinal));
            if (!isComplex && !names.Contains("ent_embeddings.weight"))
            {
                continue;
            }

            string renamed = folder.Write(isComplex ? "plain.pth" : "complex.pth", File.ReadAllBytes(path));
            using OpenKeCheckpoint checkpoint = OpenKeCheckpoint.Load(renamed);
            Assert.AreEqual(isComplex, checkpoint.IsComplex, path);
        }
    }

    [TestMethod]
    public void By_the_path_ComplEx_is_meant_in_lower_case_only()
    {
        using var folder = new TemporaryFolder();
        byte[] complex = File.ReadAllBytes(Goldens.Root("reference/checkpoints/kge/complex.pth"));
        using (OpenKeCheckpoint checkpoint = OpenKeCheckpoint.Load(folder.Write("my-complex.pth", complex), OpenKeDetection.Path))
        {
            Assert.IsTrue(checkpoint.IsComplex);
        }

        string capitals = folder.Write("ComplEx.pth", complex);
        StringAssert.Contains(
            Assert.ThrowsExactly<WeightFileException>(() => OpenKeCheckpoint.Load(capitals, OpenKeDetection.Path)).Message,
            "'ent_embeddings.weight'");
    }
}
