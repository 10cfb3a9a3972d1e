using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Layers;

[TestClass]
public sealed class ParameterSourceTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext context) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void Parameters_of_a_generator_are_its_numbers_in_the_order_of_the_calls()
    {
        using var scope = NewDisposeScope();
        using Generator ours = new(3), theirs = new(3);
        GeneratorParameters source = new(ours);
        Parameter first = source.Get("a", source.Matrix(4), 2, 4), kept = source.Get("b", InitialValue.One, 3);
        Parameter last = source.Get("c", InitialValue.Normal(2), 5);
        Near.Absolute(empty(2, 4).uniform_(-0.5, 0.5, theirs), first, 0, "first");
        Near.Absolute(ones(3), kept, 0, "ones, which are not drawn");
        Near.Absolute(empty(5).normal_(0, 2, theirs), last, 0, "last");
        Assert.IsTrue(first.requires_grad);
    }

    [TestMethod]
    public void A_zeroed_value_moves_the_generator_as_if_it_were_kept()
    {
        using var scope = NewDisposeScope();
        using Generator ours = new(3), theirs = new(3);
        GeneratorParameters source = new(ours);
        Near.Absolute(zeros(4), source.Get("a", source.Bias(9) with { IsZeroed = true }, 4), 0, "zeroed");
        _ = empty(4).uniform_(-1, 1, theirs);
        Near.Absolute(empty(4).uniform_(-1, 1, theirs), source.Get("b", InitialValue.Uniform(1), 4), 0, "the next one");
    }

    [TestMethod]
    public void Initial_parameters_depend_on_seed_and_name_not_on_the_order_of_the_calls()
    {
        using var scope = NewDisposeScope();
        InitialParameters one = new(1, 0.02, ScalarType.Float32), other = new(1, 0.02, ScalarType.Float32);
        InitialParameters second = new(2, 0.02, ScalarType.Float32);
        Parameter a = one.Get("a", one.Matrix(300), 200, 300), b = one.Get("b", one.Matrix(300), 200, 300);
        Near.Absolute(b, other.Get("b", other.Matrix(300), 200, 300), 0, "b");
        Near.Absolute(a, other.Get("a", other.Matrix(300), 200, 300), 0, "a");
        Assert.AreNotEqual(0, (a - b).abs().max().item<float>());
        Assert.AreNotEqual(0, (a - second.Get("a", second.Matrix(300), 200, 300)).abs().max().item<float>());
        Assert.AreEqual(0.02, a.std().item<float>(), 5e-4);
        Near.Absolute(zeros(3), one.Get("c", one.Bias(300), 3), 0, "bias");
    }

    [TestMethod]
    public void Stored_parameters_are_those_of_the_file_in_the_type_that_is_asked_for()
    {
        using var scope = NewDisposeScope();
        using TemporaryFolder folder = new();
        Tensor written = arange(6, ScalarType.Float32).view(2, 3);
        Dictionary<string, Tensor> weights = new() { ["a.weight"] = written.to(ScalarType.BFloat16), ["b"] = written };
        SafetensorsWriter.Write(folder["model.safetensors"], weights);
        using WeightStore store = WeightStore.Open(folder["model.safetensors"]);
        StoredParameters source = new(store, ScalarType.Float32, trainable: false, CPU);
        Parameter read = source.Get("a.weight", InitialValue.One, 2, 3);
        Near.Absolute(written, read, 0, "a.weight");
        Assert.AreEqual(ScalarType.Float32, read.dtype);
        Assert.IsFalse(read.requires_grad);
        CollectionAssert.AreEqual(new[] { "b" }, source.Unused.ToArray());
        string unused = Assert.ThrowsExactly<NotSupportedException>(
            () => LlamaModel.RefuseUnused(store.Path, source.Unused, tiedHead: false)).Message;
        StringAssert.Contains(unused, "does not use: b.");
    }

    [TestMethod]
    public void A_tensor_that_is_missing_or_has_another_shape_is_refused_with_its_name()
    {
        using var scope = NewDisposeScope();
        using TemporaryFolder folder = new();
        SafetensorsWriter.Write(folder["model.safetensors"], new Dictionary<string, Tensor> { ["a"] = zeros(2, 3) });
        using WeightStore store = WeightStore.Open(folder["model.safetensors"]);
        StoredParameters source = new(store, ScalarType.Float32, trainable: false, CPU);
        WeightFileException missing = Assert.ThrowsExactly<WeightFileException>(() => source.Get("b", InitialValue.Zero, 4));
        Assert.AreEqual("b", missing.TensorName);
        StringAssert.Contains(missing.Message, "with shape [4]");
        WeightFileException wrong = Assert.ThrowsExactly<WeightFileException>(() => source.Get("a", InitialValue.Zero, 3, 2));
        Assert.AreEqual("a", wrong.TensorName);
        StringAssert.Contains(wrong.Message, "has shape [2, 3]; the configuration asks for [3, 2]");
    }
}
