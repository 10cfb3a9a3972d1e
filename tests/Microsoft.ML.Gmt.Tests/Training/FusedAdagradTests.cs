using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class FusedAdagradTests
{
    [TestMethod]
    public void Moves_as_libtorch_does_parameters_and_rows_without_gradient_aside()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using Generator generator = new(3);
        Tensor start = randn([37, 5], generator: generator), target = randn([37, 5], generator: generator);
        Parameter expected = new(start.clone()), actual = new(start.clone()), idle = new(start.clone());
        optim.Optimizer reference = optim.Adagrad([expected], 0.1);
        using FusedAdagrad own = new([("moved", actual), ("idle", idle)], 0.1);
        for (int step = 0; step < 20; step++)
        {
            (expected - target)[..30].square().sum().backward();
            reference.step();
            reference.zero_grad();
            (actual - target)[..30].square().sum().backward();
            own.Step();
            own.ZeroGradients();
        }

        Near.Absolute(expected, actual, 1e-6, "moved");
        Near.Absolute(start[30..], actual[30..], 0, "rows without gradient");
        Near.Absolute(start, idle, 0, "idle");
    }

    [TestMethod]
    public void A_restored_state_goes_on_to_the_bit()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using Generator generator = new(4);
        Tensor target = randn([9, 3], generator: generator);
        Parameter first = new(zeros(9, 3)), second = new(zeros(9, 3));
        using FusedAdagrad one = new([("a", first)], 0.2), other = new([("a", second)], 0.2);
        void Step(FusedAdagrad optimizer, Parameter parameter)
        {
            (parameter - target).square().sum().backward();
            optimizer.Step();
            optimizer.ZeroGradients();
        }

        Step(one, first);
        using (no_grad())
        {
            second.copy_(first);
        }

        other.Restore(one.State().ToDictionary());
        Step(one, first);
        Step(other, second);
        Near.Absolute(first, second, 0, "after another step");
    }
}
