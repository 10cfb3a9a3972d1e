using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Training;

[TestClass]
public sealed class GradientStepTests
{
    [TestMethod]
    public void Gradients_are_averaged_first_and_clipped_then_and_forgotten_at_last()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Parameter[] parameters = [new(zeros(2)), new(zeros(2)), new(zeros(2))];
        var halving = new Halving();
        var sharing = new StepSharing(SingleRank.Instance, halving);
        using var gradients = new GradientStep(parameters, [Group("all", parameters)], _ => 0, maxNorm: 1, sharing);
        parameters[0].grad = tensor(new[] { 2f, 0f });
        parameters[1].grad = tensor(new[] { 0f, 0.5f });
        Tensor first = parameters[0].grad!, second = parameters[1].grad!;
        Assert.AreEqual(0.5, gradients.Take(0, 1, _ => new PartLoss(1, 1)), "the loss of all processes");
        CollectionAssert.AreEqual(parameters, halving.Given.Single());
        double norm = Math.Sqrt(1 + (0.25 * 0.25)); // after halving; clipped the other way round it would be 1 / 2
        Near.Absolute(tensor(new[] { (float)(1 / norm), 0f }), first, 1e-5, "first");
        Near.Absolute(tensor(new[] { 0f, (float)(0.25 / norm) }), second, 1e-5, "second");
        Assert.IsTrue(Array.TrueForAll(parameters, parameter => parameter.grad is null));
    }

    [TestMethod]
    public void The_schedule_gives_the_rate_and_a_group_may_have_a_multiple_of_it()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Parameter[] parameters = [new(zeros(1)), new(zeros(1))];
        using var gradients = new GradientStep(
            parameters, [Group("slow", [parameters[0]]), Group("fast", [parameters[1]]) with { RateFactor = 10 }], step => step * 0.01);
        Assert.AreEqual(0.03, gradients.RateAt(3));
        foreach (Parameter parameter in parameters)
        {
            parameter.grad = ones(1);
        }

        gradients.Take(3, 1, _ => new PartLoss(1, 1));
        Assert.AreEqual(-0.03f, parameters[0].item<float>(), 1e-6f, "Adam's first step is as long as its rate");
        Assert.AreEqual(-0.3f, parameters[1].item<float>(), 1e-5f);
        CollectionAssert.AreEqual(new[] { "slow", "fast" }, gradients.States.Select(state => state.Name).ToArray());
    }

    [TestMethod]
    [DataRow(double.NaN, 1f, "The loss is NaN at step 5")]
    [DataRow(double.PositiveInfinity, 1f, "The loss is Infinity at step 5")]
    [DataRow(1, float.NaN, "at step 5: the training run has diverged")]
    [DataRow(1, float.NegativeInfinity, "at step 5: the training run has diverged")]
    public void A_loss_or_gradient_that_is_not_finite_ends_the_run_and_moves_nothing(double loss, float gradient, string message)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        foreach (double? norm in new double?[] { null, 1 })
        {
            Parameter[] parameters = [new(ones(2)), new(ones(2))];
            using var gradients = new GradientStep(parameters, [Group("all", parameters)], _ => 0.1, norm);
            parameters[0].grad = ones(2);
            parameters[1].grad = tensor(new[] { 0, gradient });
            void Step() => gradients.Take(4, 1, _ => new PartLoss(loss, 1));
            StringAssert.Contains(Assert.ThrowsExactly<NotFiniteNumberException>(Step).Message, message);
            Assert.AreEqual(4f, parameters.Sum(parameter => parameter.sum().item<float>()));
            gradients.CheckWeights(4);
        }
    }

    [TestMethod]
    public void Weights_that_are_not_finite_are_not_kept()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Parameter[] parameters = [new(ones(2)), new(tensor(new[] { 0, float.NaN }))];
        using var gradients = new GradientStep(parameters, [Group("all", parameters)], _ => 0.1);
        StringAssert.Contains(Assert.ThrowsExactly<NotFiniteNumberException>(() => gradients.CheckWeights(7)).Message, "at step 7");
    }

    private static OptimizerGroup Group(string name, Parameter[] parameters) =>
        new(name, new FusedAdamW(parameters.Select((parameter, i) => ($"{i}", parameter)), 0, 0));

    private sealed class Halving : IGradientAverage
    {
        public List<Parameter[]> Given { get; } = [];

        public int Parts => 1;

        public IReadOnlyList<int> OwnParts => [0];

        public double Learn(IReadOnlyList<Parameter> parameters, Func<int, PartLoss> learn)
        {
            PartLoss loss = learn(0);
            Given.Add([.. parameters]);
            foreach (Parameter parameter in parameters)
            {
                parameter.grad?.div_(2);
            }

            return loss.Mean / 2;
        }
    }
}
