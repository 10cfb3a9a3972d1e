using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Tests.Sgm;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Memory;

/// <summary>A small language model that reads a small graph, with gates open so that the memory matters.</summary>
internal sealed class TinyGmt : IDisposable
{
    public TinyGmt(MemoryOptions? options = null, ScalarType dtype = ScalarType.Float32, bool openGates = true, double graphDropout = 0.1)
    {
        Graph = People();
        BaseModel = TinyLlama.Create(dtype: dtype);
        SgmModule module = SgmModels.Create(
            Graph, new SgmOptions { GraphDimension = 16, Layers = 1, Heads = 2, TopK = 3, Dropout = graphDropout }, 12);
        Model = new GmtModel(BaseModel, Graph, module, options ?? Options, new RandomStreams(5));
        using IDisposable inference = no_grad();
        foreach (MemoryLayer layer in openGates ? Model.MemoryLayers.Values : [])
        {
            layer.Gate.fill_(0.5);
        }
    }

    public static MemoryOptions Options =>
        new() { MemoryTokens = 3, MemoryHeads = 2, Lora = new LoraOptions { Rank = 2, Alpha = 4, Dropout = 0 } };

    public KnowledgeGraph Graph { get; }

    public LlamaModel BaseModel { get; }

    public GmtModel Model { get; }

    /// <summary>Six people and places; "hermit" has no edge.</summary>
    public static KnowledgeGraph People()
    {
        var builder = new KnowledgeGraphBuilder();
        builder.Add("ada", "knows", "bob");
        builder.Add("bob", "knows", "cyd");
        builder.Add("ada", "lives in", "bern");
        builder.Add("bob", "lives in", "bern");
        builder.Add("cyd", "lives in", "rome");
        builder.Add("cyd", "knows", "ada");
        builder.AddEntity("hermit");
        return builder.Build();
    }

    public Tensor Memory(params Triple[] triples) => Model.Encoder.Encode(Model.CollectEvidence(triples, QueryMask.Full));

    public void Dispose()
    {
        Model.Dispose();
        BaseModel.Dispose();
    }
}
