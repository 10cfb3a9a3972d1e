using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Sgm;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Microsoft.ML.Gmt.Tests.Sgm;

/// <summary>
/// The Semantic Graph Module as its definition reads: edge by edge, with queries, keys and a softmax, nothing shared. Works on a module's
/// parameters by their names.
/// </summary>
internal sealed class NaiveSgm(SgmModule module)
{
    private readonly Dictionary<string, Tensor> _weights = module.named_parameters().ToDictionary(
        pair => pair.name, pair => (Tensor)pair.parameter);

    /// <summary>[entities, d].</summary>
    public Tensor Entities(KnowledgeGraph graph) =>
        stack([.. Enumerable.Range(0, graph.Entities.Count).Select(entity => Entity(graph, entity))]);

    private Tensor Entity(KnowledgeGraph graph, int entity)
    {
        Adjacency adjacency = graph.Adjacency;
        (int start, int count) = adjacency.EdgesOf(entity).GetOffsetAndLength(adjacency.EdgeCount);
        Tensor[] states = [.. Enumerable.Range(start, count).Select(edge => State(graph, edge))];
        return states.Length == 0 ? zeros(module.Options.GraphDimension) : stack(states).mean([0]);
    }

    private Tensor State(KnowledgeGraph graph, int edge)
    {
        Tensor relations = Relations();
        Adjacency adjacency = graph.Adjacency;
        Tensor state = relations[adjacency.Relations[edge]].unsqueeze(0);                       // [1, d]
        Tensor context = Context(relations, adjacency, edge).unsqueeze(0);                      // [1, d]
        for (int layer = 0; layer < module.Options.Layers; layer++)
        {
            string prefix = $"layers.{layer}.";
            state = Norm(state + Attention(prefix + "attn.", state, context), prefix + "norm1.");
            Tensor inner = F.gelu(F.linear(state, _weights[prefix + "linear1.weight"], _weights[prefix + "linear1.bias"]));
            state = Norm(
                state + F.linear(inner, _weights[prefix + "linear2.weight"], _weights[prefix + "linear2.bias"]), prefix + "norm2.");
        }

        return state[0];
    }

    private Tensor Relations() => _weights.TryGetValue("rel_proj.weight", out Tensor? projection)
        ? F.linear(_weights["rel_semantic.weight"], projection, _weights["rel_proj.bias"])
        : _weights["rel_semantic.weight"];

    private Tensor Context(Tensor relations, Adjacency adjacency, int edge)
    {
        long[] around = [.. adjacency.Relations[adjacency.EdgesOf(adjacency.Neighbors[edge])].ToArray().Select(relation => (long)relation)];
        Tensor others = relations.index_select(0, tensor(around));                              // [edges, d]
        Tensor similarity = F.cosine_similarity(others, relations[adjacency.Relations[edge]].unsqueeze(0), dim: 1);
        return others.index_select(0, similarity.topk(Math.Min(module.Options.TopK, around.Length)).indexes).mean([0]);
    }

    private Tensor Attention(string prefix, Tensor query, Tensor key)
    {
        (int heads, int width) = (module.Options.Heads, module.Options.GraphDimension);
        Tensor[] weights = _weights[prefix + "in_proj_weight"].chunk(3), biases = _weights[prefix + "in_proj_bias"].chunk(3);
        Tensor Project(Tensor x, int part) => F.linear(x, weights[part], biases[part]).view(1, heads, width / heads).transpose(0, 1);   // [heads, 1, d / heads]
        Tensor logits = Project(query, 0).matmul(Project(key, 1).transpose(1, 2)) / Math.Sqrt((double)width / heads);                    // [heads, 1, 1]
        Tensor attended = logits.softmax(-1).matmul(Project(key, 2)).transpose(0, 1).reshape(1, width);
        return F.linear(attended, _weights[prefix + "out_proj.weight"], _weights[prefix + "out_proj.bias"]);
    }

    private Tensor Norm(Tensor x, string prefix) =>
        F.layer_norm(x, [module.Options.GraphDimension], _weights[prefix + "weight"], _weights[prefix + "bias"]);
}
