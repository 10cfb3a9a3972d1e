using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Sgm;

/// <summary>Small modules with weights that hide nothing: no bias is 0, no norm is 1.</summary>
internal static class SgmModels
{
    public static SgmModule Create(KnowledgeGraph graph, SgmOptions options, int relationWidth, int seed = 1)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using Generator generator = new((ulong)seed);
        var module = new SgmModule(options, randn([graph.EdgeRelationCount, relationWidth], generator: generator), new RandomStreams(seed));
        using (no_grad())
        {
            foreach (Tensor parameter in module.parameters().Where(parameter => parameter.dim() == 1))
            {
                parameter.add_(randn(parameter.shape, generator: generator) * 0.1);
            }
        }

        return module;
    }

    /// <summary>One whose relation vectors are trained too.</summary>
    public static SgmModule Trainable(KnowledgeGraph graph, double dropout = 0)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using Generator generator = new(9);
        return new SgmModule(
            new SgmOptions { GraphDimension = 16, TopK = 4, Dropout = dropout, TrainableRelationSemantics = true },
            RelationSemantics.Draw(graph.Relations.Count, 16, generator), new RandomStreams(1));
    }
}
