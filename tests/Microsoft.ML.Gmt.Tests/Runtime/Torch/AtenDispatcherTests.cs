using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class AtenDispatcherTests
{
    [TestMethod]
    public void Rms_norm_is_its_formula_and_differentiable()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Generator generator = new RandomStreams(3).Generator("test");
        Tensor input = randn([4, 6], generator: generator).requires_grad_(true), weight = randn([6], generator: generator);
        Tensor result = AtenDispatcher.Call(
            "aten::rms_norm", "", input, new long[] { 6 }, AtenArgument.Optional(weight), AtenArgument.Optional(1e-6));
        Tensor expected = input * (input.square().mean([-1], keepdim: true) + 1e-6).rsqrt() * weight;
        Near.Absolute(expected, result, 1e-6, "rms_norm");
        result.square().sum().backward();
        Tensor gradient = input.grad!.clone();
        input.grad!.zero_();
        expected.square().sum().backward();
        Near.Absolute(input.grad!, gradient, 1e-4, "its gradient");
    }

    [TestMethod]
    public void An_optional_argument_may_be_left_out()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Tensor data = tensor(new[] { 1f, float.NaN, 2, 3 });
        Assert.AreEqual(6f, AtenDispatcher.Call("aten::nansum", "", data, AtenArgument.None, false, AtenArgument.None).item<float>());
    }

    [TestMethod]
    public void Lists_of_tensors_and_several_results_go_through()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Tensor a = arange(6, ScalarType.Float32).reshape(2, 3), b = ones(1, 3);
        Tensor both = AtenDispatcher.Call("aten::cat", "", new[] { a, b }, 0L);
        CollectionAssert.AreEqual(new long[] { 3, 3 }, both.shape);
        Tensor[] results = new Tensor[2];
        AtenDispatcher.CallMany("aten::max", "dim", results, both, 1L, false);
        CollectionAssert.AreEqual(new[] { 2f, 5, 1 }, results[0].data<float>().ToArray());
        Assert.AreEqual(ScalarType.Int64, results[1].dtype);
    }

    [TestMethod]
    public void An_unknown_operator_is_an_exception_that_names_it()
    {
        var result = ProbeProcess.Run("unknown-operator");
        Assert.AreEqual(1, result.ExitCode);
        StringAssert.Contains(result.Error, "libtorch could not run the operator aten::no_such_operator.out with 0 arguments");
    }

    [TestMethod]
    public void Calls_leave_nothing_behind()
    {
        TorchRuntime.EnsureLoaded();
        using Tensor input = zeros(1 << 18), weight = ones(1 << 18);
        long before = 0;
        for (int i = 0; i < 400; i++)
        {
            using Tensor result = AtenDispatcher.Call(
                "aten::rms_norm", "", input, new long[] { 1 << 18 }, AtenArgument.Optional(weight), AtenArgument.Optional(1e-6));
            if (i == 100)
            {
                before = Environment.WorkingSet;
            }
        }

        // 300 results of 1 MB each, if they stayed.
        Assert.IsLessThan(100L << 20, Environment.WorkingSet - before);
    }
}
