using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Training;

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
    [DataRow(false)]
    [DataRow(true)]
    public void Equals_the_formula_in_double_precision_whatever_the_size_of_gradients(bool beforeCorrection)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        double[] scales = [1, 1e-4, 1e-7, 1e-8, 3e-9, 1e-10, 0];
        Parameter always = new(zeros(scales.Length)), sometimes = new(zeros(scales.Length));
        double[] theta = new double[scales.Length], mean = new double[scales.Length], square = new double[scales.Length];
        using FusedAdamW optimizer = new(
            [("always", always), ("sometimes", sometimes)], 0, 0,
            beforeCorrection ? EpsilonPlacement.BeforeCorrection : EpsilonPlacement.AfterCorrection);
        for (int step = 1; step <= 150; step++)
        {
            // The first step has rate 0 and still counts, as warm-up has it.
            double rate = optimizer.LearningRate = 1e-3 * (step - 1) / step;
            double[] gradient = Array.ConvertAll(scales, scale => scale * (1 + Math.Sin(step)));
            always.grad = tensor(gradient, ScalarType.Float32);
            sometimes.grad = step % 3 == 0 ? tensor(gradient, ScalarType.Float32) : null;
            optimizer.Step();
            (double meanCorrection, double squareCorrection) = (1 - Math.Pow(0.9, step), 1 - Math.Pow(0.999, step));
            for (int i = 0; i < scales.Length; i++)
            {
                mean[i] = (0.9 * mean[i]) + (0.1 * gradient[i]);
                square[i] = (0.999 * square[i]) + (0.001 * gradient[i] * gradient[i]);
                double root = beforeCorrection
                    ? (Math.Sqrt(square[i]) + 1e-8) / Math.Sqrt(squareCorrection) : Math.Sqrt(square[i] / squareCorrection) + 1e-8;
                theta[i] -= rate * (mean[i] / meanCorrection) / root;
            }

            Near.Relative(tensor(theta), always, 2e-5, $"step {step}");
            float[] all = always.data<float>().ToArray();
            for (int i = 0; i < scales.Length; i++)
            {
                Assert.AreEqual(theta[i], all[i], (1e-4 * Math.Abs(theta[i])) + 1e-12, $"step {step}, gradients of size {scales[i]}");
            }
        }

        Assert.AreEqual(50f, optimizer.State().Single(pair => pair.Key == "sometimes.step").Value.item<float>());
        Assert.IsLessThan(0f, sometimes.data<float>()[0]);
    }

    [TestMethod]
    public void A_gradient_laid_out_otherwise_than_its_parameter_moves_the_right_elements()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Tensor gradient = arange(12, ScalarType.Float32).reshape(4, 3).t(); // [3, 4], columns first
        Parameter expected = new(zeros(3, 4)), actual = new(zeros(3, 4));
        using FusedAdamW one = new([("w", expected)], 0.1, 0), other = new([("w", actual)], 0.1, 0);
        for (int step = 0; step < 2; step++)
        {
            expected.grad = (gradient - (5 * step)).contiguous();
            actual.grad = gradient - (5 * step);
            one.Step();
            other.Step();
        }

        Near.Absolute(expected, actual, 0, "parameter");
        Parameter strided = new(gradient.clone());
        StringAssert.Contains(
            Assert.Throws<ArgumentException>(() => new FusedAdamW([("w", strided)], 0.1, 0)).Message, "'w' is not contiguous");
    }

    [TestMethod]
    public void A_restored_state_goes_on_with_the_same_bits()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Parameter whole = new(ones(8)), parted = new(ones(8));
        using FusedAdamW one = new([("w", whole)], 0.1, 0.01), first = new(
            [("w", parted)], 0.1, 0.01), second = new([("w", parted)], 0.1, 0.01);
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
        StringAssert.Contains(Assert.ThrowsExactly<GmtFileException>(() => other.Restore(one.State().ToDictionary())).Message,
            "'w.exp_avg' is Float32 [8], Float32 [9] is expected");
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
