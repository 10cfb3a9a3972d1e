using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Estimators;
using Microsoft.ML.Gmt.Tests.Sgm;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Training;

/// <summary>
/// A training state that is damaged, or that somebody made up, is refused with the documented
/// exception; none gives another run.
/// </summary>
[TestClass]
public sealed class DamagedStateTests
{
    private const int Flips = 1000;

    public required TestContext TestContext { get; init; }

    [TestMethod]
    public void No_flipped_bit_gives_another_run_or_a_crash()
    {
        using var folder = new TemporaryFolder();
        string path = folder["training.safetensors"];
        float[] expected = Train(path, resume: false);
        byte[] whole = File.ReadAllBytes(path);
        int data = 8 + BitConverter.ToInt32(whole);
        var random = new CounterRandom(7);
        (int withTensor, int inHeader, int same) = (0, 0, 0);
        for (int flip = 0; flip < Flips; flip++)
        {
            // Every fourth in the header, which is a small part of the file.
            int at = flip % 4 == 0 ? random.Next(data) : data + random.Next(whole.Length - data), bit = random.Next(8);
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(1 << bit);
            File.WriteAllBytes(path, damaged);
            try
            {
                CollectionAssert.AreEqual(expected, Train(path, resume: true), $"bit {bit} of byte {at} gave another run");
                same++;
                Assert.Fail($"bit {bit} of byte {at} of {data} + {whole.Length - data} was not noticed");
            }
            catch (GmtFileException e)
            {
                StringAssert.Contains(e.Message, path);
                bool isNamed = e is WeightFileException { TensorName: not null };
                (withTensor, inHeader) = isNamed ? (withTensor + 1, inHeader) : (withTensor, inHeader + 1);
                Assert.IsTrue(isNamed || at < data, $"byte {at} belongs to a tensor: {e.Message}");
            }
        }

        TestContext.WriteLine(
            $"{Flips} flips: {withTensor} refused with the tensor's name, {inHeader} as a damaged or foreign header, {same} the same run");
    }

    [TestMethod]
    public void A_tensor_of_another_type_shape_or_value_is_refused_in_words()
    {
        using var folder = new TemporaryFolder();
        string path = folder["training.safetensors"];
        Train(path, resume: false);
        byte[] whole = File.ReadAllBytes(path);
        string[] names = Names(path);
        foreach (string name in names)
        {
            foreach ((string what, Func<Tensor, Tensor?> change) in Changes)
            {
                File.WriteAllBytes(path, whole);
                bool isOpen = name == "best/figure" && what == "not finite"; // where nothing was validated yet
                if (isOpen || !Rewrite(path, name, change))
                {
                    continue;
                }

                GmtFileException error = Assert.Throws<GmtFileException>(() => Train(path, resume: true), $"{name}: {what}");
                StringAssert.Contains(error.Message, path);
            }
        }

        Assert.IsGreaterThan(10, names.Length);
    }

    [TestMethod]
    [DataRow(8, 0, DisplayName = "nothing left before the twist")]
    [DataRow(8, 4095, DisplayName = "more left than there are numbers")]
    [DataRow(12, 0, DisplayName = "not seeded")]
    [DataRow(16, 65535, DisplayName = "the next number lies behind the last")]
    public void A_state_of_the_generator_that_libtorch_would_end_the_process_over_is_refused(int at, int value)
    {
        using var folder = new TemporaryFolder();
        string path = folder["training.safetensors"];
        Train(path, resume: false);
        Rewrite(path, "dropout/generator", state =>
        {
            Tensor changed = state.clone();
            changed[at] = (byte)value;
            changed[at + 1] = (byte)(value >> 8);
            return changed;
        });
        GmtFileException error = Assert.ThrowsExactly<GmtFileException>(() => Train(path, resume: true));
        StringAssert.Contains(error.Message, "dropout: it does not fit this training run: 'generator' is no state of a generator");
    }

    [TestMethod]
    public void Every_state_that_a_generator_comes_into_is_one()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        for (int drawn = 0; drawn < 1300; drawn++)
        {
            Assert.IsTrue(Microsoft.ML.Gmt.Layers.GeneratorState.IsValid(generator.get_state().bytes), $"after {drawn} numbers");
            rand(1, generator: generator);
        }
    }

    private static IEnumerable<(string What, Func<Tensor, Tensor?> Change)> Changes =>
    [
        ("another type", tensor => tensor.to(tensor.dtype == ScalarType.Float64 ? ScalarType.Int64 : ScalarType.Float64)),
        ("another shape", tensor => cat([tensor.reshape(-1), tensor.reshape(-1).narrow(0, 0, 1)])),
        ("not finite", tensor => tensor.is_floating_point() ? full_like(tensor, float.PositiveInfinity) : null),
        ("negative", tensor => tensor.dtype == ScalarType.Int64 ? full_like(tensor, -1) : null),
    ];

    private static string[] Names(string path)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        return [.. file.Names];
    }

    /// <summary>Writes the file anew with one tensor changed, hashes included; false where the change does not apply.</summary>
    private static bool Rewrite(string path, string name, Func<Tensor, Tensor?> change)
    {
        using var scope = NewDisposeScope();
        Dictionary<string, string> metadata;
        KeyValuePair<string, Tensor>[] tensors;
        using (SafetensorsFile file = SafetensorsFile.Open(path))
        {
            metadata = file.Metadata.Where(pair => !pair.Key.StartsWith("sha256 ", StringComparison.Ordinal)).ToDictionary();
            tensors = [.. file.Names.Select(own => KeyValuePair.Create(own, file.Get(own).clone()))];
        }

        int at = Array.FindIndex(tensors, pair => pair.Key == name);
        if (change(tensors[at].Value) is not { } changed)
        {
            return false;
        }

        tensors[at] = KeyValuePair.Create(name, changed);
        TensorHashes.Add(tensors, metadata);
        SafetensorsWriter.Write(path, tensors, metadata);
        return true;
    }

    /// <summary>Trains a small module for two epochs, the first of which is kept; gives its weights.</summary>
    private static float[] Train(string path, bool resume)
    {
        KnowledgeGraph graph = Pipelines.Graph;
        using var scope = NewDisposeScope();
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8, Layers = 1, Heads = 2, TopK = 3 }, 8);
        using var cancellation = new CancellationTokenSource();
        SgmTrainingOptions options = new()
        {
            NumberOfEpochs = 2,
            BatchSize = 64,
            NegativesPerPositive = 2,
            LearningRate = 0.01,
            Checkpoint = new() { Path = path, Resume = resume, Interval = TimeSpan.FromHours(1) },
        };
        Triple[] validation = graph.Triples(GraphSplit.Validation).ToArray();
        if (!resume)
        {
            var until = new Listener<TrainingProgress>(progress =>
            {
                if (progress.Step == 3)
                {
                    cancellation.Cancel();
                }
            });
            new SgmTrainer(module, graph, options with { Progress = until })
                .Train(validationTriples: validation, cancellationToken: cancellation.Token);
            return Train(graph, options with { Checkpoint = null }, validation);
        }

        new SgmTrainer(module, graph, options).Train(validationTriples: validation);
        return Weights(module);
    }

    private static float[] Train(KnowledgeGraph graph, SgmTrainingOptions options, Triple[] validation)
    {
        using SgmModule module = SgmModels.Create(graph, new SgmOptions { GraphDimension = 8, Layers = 1, Heads = 2, TopK = 3 }, 8);
        new SgmTrainer(module, graph, options).Train(validationTriples: validation);
        return Weights(module);
    }

    private static float[] Weights(SgmModule module)
    {
        using var scope = NewDisposeScope();
        return [.. module.parameters().SelectMany(parameter => parameter.detach().data<float>().ToArray())];
    }
}
