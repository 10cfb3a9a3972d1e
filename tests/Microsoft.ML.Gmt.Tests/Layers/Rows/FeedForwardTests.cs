using Microsoft.ML.Gmt.Layers;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using static TorchSharp.torch;
using LayerNorm = Microsoft.ML.Gmt.Layers.LayerNorm;
using Linear = Microsoft.ML.Gmt.Layers.Linear;

namespace Microsoft.ML.Gmt.Tests.Layers;

/// <summary>The fused layers against the same written with ATen's operators.</summary>
[TestClass]
public sealed class FeedForwardTests
{
    [TestInitialize]
    public void LoadTorch() => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(5, 3, 0.0)]
    [DataRow(5, 3, 0.25)]
    [DataRow(200, 24, 0.25)]
    [DataRow(0, 8, 0.25)]
    public void Values_and_gradients_equal_those_of_separate_operators(int rows, int width, double probability)
    {
        using var scope = NewDisposeScope();
        using var block = new Block(width, rows, probability);
        (Tensor output, Dictionary<string, Tensor> gradients) = block.Run(fused: true);
        (Tensor expected, Dictionary<string, Tensor> expectedGradients) = block.Run(fused: false);
        Near.Absolute(expected, output, 1e-5, "values");
        foreach ((string name, Tensor gradient) in expectedGradients)
        {
            Near.Absolute(gradient, gradients[name], 1e-5 * Math.Max(1, rows), name);
        }
    }

    [TestMethod]
    public void Extreme_inputs_stay_finite()
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor(new float[,] { { -1e30f, -100, -20, -0f, 0, 20, 100, 1e19f } });
        Tensor y = RowPasses.Gelu(DropoutDraw.None, zeros(8), x);
        Near.Absolute(tensor(new float[,] { { 0, 0, 0, 0, 0, 20, 100, 1e19f } }), y, 1e-6, "values");
        Near.Absolute(tensor(new float[,] { { 0, 0, 0, 0.5f, 0.5f, 1, 1, 1 } }), x, 1e-6, "derivatives");
    }

    [TestMethod]
    public void No_tensor_is_left()
    {
        using var outer = NewDisposeScope();
        using var block = new Block(16, 70, 0.25);
        block.Step();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 5; i++)
        {
            block.Step();
        }

        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private sealed class Block : IDisposable
    {
        private readonly Linear _expansion, _contraction;
        private readonly LayerNorm _norm;
        private readonly Tensor _x, _y, _weights;
        private readonly DropoutDraw _inner, _outer;

        public Block(int width, int rows, double probability)
        {
            using Generator generator = new(3);
            var source = new GeneratorParameters(generator);
            _expansion = new Linear(source, "expansion", 4 * width, width, bias: true);
            _contraction = new Linear(source, "contraction", width, 4 * width, bias: true);
            _norm = new LayerNorm(source, "norm", width);
            using (no_grad())
            {
                _norm.Weight.mul_(randn([width], generator: generator));
                _norm.Bias.add_(randn([width], generator: generator));
            }

            _x = randn([rows, width], generator: generator).requires_grad_(true);
            _y = randn([rows, width], generator: generator).requires_grad_(true);
            _weights = randn([rows, width], generator: generator);
            ulong[] keys = [.. Enumerable.Range(10, rows).Select(row => (ulong)row)];
            DropoutDraw Draw(ulong seed) => probability == 0 ? DropoutDraw.None : DropoutDraw.Of(probability, seed, keys);
            (_inner, _outer) = (Draw(1), Draw(2));
        }

        private Dictionary<string, Tensor> Leaves => new()
        {
            ["x"] = _x,
            ["y"] = _y,
            ["W1"] = _expansion.Weight,
            ["b1"] = _expansion.Bias!,
            ["W2"] = _contraction.Weight,
            ["b2"] = _contraction.Bias!,
            ["scale"] = _norm.Weight,
            ["shift"] = _norm.Bias,
        };

        public void Dispose()
        {
            _expansion.Dispose();
            _contraction.Dispose();
            _norm.Dispose();
        }

        public (Tensor Output, Dictionary<string, Tensor> Gradients) Run(bool fused)
        {
            Tensor output = fused
                ? FeedForward.Apply(
                    DroppedSumNorm.Apply(_x, _y, _contraction.Bias!, _norm, _outer), _expansion, _contraction, _norm, _inner, _outer)
                : Separate(_norm.call(_x + ((_y + _contraction.Bias!) * Mask(_outer, _contraction))));
            (output * _weights).sum().backward();
            var gradients = Leaves.ToDictionary(leaf => leaf.Key, leaf => leaf.Value.grad!.clone());
            foreach (Tensor leaf in Leaves.Values)
            {
                leaf.grad!.zero_();
            }

            return (output, gradients);
        }

        public void Step()
        {
            using var scope = NewDisposeScope();
            Run(fused: true);
        }

        private Tensor Separate(Tensor x)
        {
            Tensor inner = nn.functional.gelu(_expansion.call(x)) * Mask(_inner, _expansion);
            return _norm.call(x + (_contraction.call(inner) * Mask(_outer, _contraction)));
        }

        private Tensor Mask(DropoutDraw draw, Linear layer)
        {
            Tensor mask = empty([_x.size(0), layer.Weight.size(0)]);
            RowPasses.FillMask(draw, mask);
            return mask;
        }
    }
}
