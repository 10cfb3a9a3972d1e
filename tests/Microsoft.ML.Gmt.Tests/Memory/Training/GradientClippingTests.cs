using Microsoft.ML.Gmt.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

/// <summary>What stage 2 relies on in TorchSharp's clipping of gradients.</summary>
[TestClass]
public sealed class GradientClippingTests
{
    [TestMethod]
    [DataRow(1.0)]
    [DataRow(1000.0)]
    public void Gradients_are_scaled_together_to_the_norm_as_pytorch_does(double maximum)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Parameter[] parameters = [new(zeros(3, 2)), new(zeros(5)), new(zeros(4))];
        parameters[0].grad = arange(6, ScalarType.Float32).reshape(3, 2);
        parameters[1].grad = full([5], -7f);
        double norm = Math.Sqrt(55 + (5 * 49));
        float scale = (float)Math.Min(1, maximum / (norm + 1e-6));
        Tensor[] expected = [parameters[0].grad! * scale, parameters[1].grad! * scale];
        Assert.AreEqual(norm, nn.utils.clip_grad_norm_(parameters, maximum), 1e-5);
        Near.Absolute(expected[0], parameters[0].grad!, 1e-6, "first");
        Near.Absolute(expected[1], parameters[1].grad!, 1e-6, "second");
        Assert.IsNull(parameters[2].grad);
    }

    [TestMethod]
    public void Clipping_leaves_no_tensor_behind()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        Parameter[] parameters = [new(zeros(3))];
        parameters[0].grad = ones(3);
        nn.utils.clip_grad_norm_(parameters, 1);
        long before = Tensor.TotalCount;
        for (int i = 0; i < 10; i++)
        {
            nn.utils.clip_grad_norm_(parameters, 1);
        }

        Assert.AreEqual(before, Tensor.TotalCount);
    }
}
