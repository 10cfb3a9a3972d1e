using Microsoft.ML.Gmt.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class FusedAdamWTests
{
    [TestMethod]
    public void Moves_as_libtorch_does_parameters_without_gradient_aside()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using Generator generator = new(3);
        Tensor start = randn([37, 5], generator: generator), target = randn([37, 5], generator: generator);
        Parameter expected = new(start.clone()), actual = new(start.clone()), idle = new(start.clone());
        optim.Optimizer reference = optim.AdamW([expected], 0.01, weight_decay: 0.1);
        using FusedAdamW own = new([("moved", actual), ("idle", idle)], 0.01, 0.1);
        for (int step = 0; step < 20; step++)
        {
            (expected - target).square().sum().backward();
            reference.step();
            reference.zero_grad();
            (actual - target).square().sum().backward();
            own.Step();
            own.ZeroGradients();
        }

        Near.Absolute(expected, actual, 1e-6, "moved");
        Near.Absolute(start, idle, 0, "idle");
    }

    [TestMethod]
    public void A_restored_state_goes_on_with_the_same_bits()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Parameter whole = new(ones(8)), parted = new(ones(8));
        using FusedAdamW one = new([("w", whole)], 0.1, 0.01), first = new([("w", parted)], 0.1, 0.01), second = new([("w", parted)], 0.1, 0.01);
        void Step(Parameter parameter, FusedAdamW optimizer)
        {
            (parameter * arange(8)).square().sum().backward();
            optimizer.Step();
            optimizer.ZeroGradients();
        }

        for (int step = 0; step < 6; step++)
        {
            Step(whole, one);
            if (step == 3)
            {
                second.Restore(first.State().ToDictionary());
            }

            Step(parted, step < 3 ? first : second);
        }

        CollectionAssert.AreEqual(whole.data<float>().ToArray(), parted.data<float>().ToArray());
        using FusedAdamW other = new([("w", new Parameter(ones(9)))], 0.1, 0.01);
        StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(() => other.Restore(one.State().ToDictionary())).Message, "'w.exp_avg' is [8], [9] is expected");
    }

    [TestMethod]
    public void Steps_leave_no_tensor_behind()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Parameter parameter = new(ones(4));
        using FusedAdamW optimizer = new([("w", parameter)], 0.1, 0);
        long before = 0;
        for (int step = 0; step < 10; step++)
        {
            using (NewDisposeScope())
            {
                parameter.sum().backward();
                optimizer.Step();
                optimizer.ZeroGradients();
            }

            before = step == 4 ? Tensor.TotalCount : before;
        }

        Assert.AreEqual(before, Tensor.TotalCount);
    }
}
