using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Text;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt;

/// <summary>
/// Where the relations' vectors come from, which the graph module starts with: [R, s], a row for each relation without inverses.
/// </summary>
public abstract class RelationSemanticsSource
{
    private protected RelationSemanticsSource()
    {
    }

    /// <summary>
    /// Draws them from a normal distribution with mean 0 and standard deviation 1/√s, so that they are about as long as the vectors of a
    /// sentence model: 1.
    /// </summary>
    /// <remarks>
    /// The reference draws with 0.02, which leaves the edge states of relations nearly equal until a long stage 1 has spread them: on a
    /// graph of some thousand facts stage 2 then finds nothing in its memory. Longer vectors make a short stage 1 worse
    /// (docs/results/defaults.md).
    /// </remarks>
    /// <param name="width">s, from 1 to 65,536; 256 in the reference.</param>
    public static RelationSemanticsSource Random(int width = Defaults.Width)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Defaults.GreatestWidth);
        return new Drawn(width);
    }

    /// <summary>
    /// Reads them from a file: a bare tensor or a dictionary with the tensor <c>rel_embeddings</c>; <c>.pt</c>, <c>.pth</c> or
    /// <c>.safetensors</c>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <example>
    /// <code>
    /// var pipeline = ml.Transforms.SgmPretrain(graph, relationSemantics: RelationSemanticsSource.FromFile("relations.safetensors"));
    /// </code>
    /// </example>
    public static RelationSemanticsSource FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new Stored(path);
    }

    /// <summary>
    /// Encodes what the relations mean by a sentence model, as <c>build_rel_semantics</c> does: the graph's definitions, and the names of
    /// relations without one.
    /// </summary>
    /// <param name="sentenceModel">Folder of the model, as sentence-transformers lays it out; all-MiniLM-L6-v2, whose vectors have 384
    /// numbers, say.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks a file.</exception>
    /// <exception cref="GmtFileException">The folder holds another kind of model.</exception>
    /// <example>
    /// <code>
    /// var relations = RelationSemanticsSource.FromDefinitions("models/all-MiniLM-L6-v2");
    /// using SgmTransformer model = ml.Transforms.SgmPretrain(graph, relationSemantics: relations).Fit(graph.ToDataView());
    /// </code>
    /// </example>
    public static RelationSemanticsSource FromDefinitions(string sentenceModel)
    {
        ArgumentException.ThrowIfNullOrEmpty(sentenceModel);
        SentenceEncoder.ReadDimension(sentenceModel);
        return new Encoded(sentenceModel);
    }

    /// <summary>Takes the relations of a knowledge graph embedding that OpenKE trained on the same graph.</summary>
    /// <param name="checkpoint">OpenKE's checkpoint, of either format of <c>torch.save</c>.</param>
    /// <example>
    /// <code>
    /// var pipeline = ml.Transforms.SgmPretrain(graph, relationSemantics: RelationSemanticsSource.FromOpenKe("checkpoints/transe.ckpt"));
    /// </code>
    /// </example>
    public static RelationSemanticsSource FromOpenKe(string checkpoint)
    {
        ArgumentException.ThrowIfNullOrEmpty(checkpoint);
        return new Embedded(checkpoint);
    }

    /// <summary>
    /// Takes the relations of a knowledge graph embedding: relations that hold between the same entities have similar vectors.
    /// </summary>
    /// <remarks>
    /// The vectors, of relations in their own direction, are copied at once and scaled by one number, so that their mean length is 1, as
    /// that of drawn ones is. Relations are found by their names; the embedding may have others beside them.
    /// </remarks>
    /// <param name="embedding">The embedding.</param>
    /// <exception cref="ObjectDisposedException">The embedding was disposed.</exception>
    /// <example>
    /// <code>
    /// using KgeTransformer embedding = ml.Transforms.EmbedKnowledgeGraph(graph, KgeModel.ComplEx).Fit(graph.ToDataView());
    /// var pipeline = ml.Transforms.SgmPretrain(graph, relationSemantics: RelationSemanticsSource.FromEmbedding(embedding));
    /// </code>
    /// </example>
    public static RelationSemanticsSource FromEmbedding(KgeTransformer embedding)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        using NativeLifetime.Use use = embedding.Lifetime.Begin();
        int relations = embedding.Graph.Relations.Count;
        float[] vectors = embedding.ModelInUse.RelationVectors([.. Enumerable.Range(0, relations)]);    // [R, s]
        return new OfEmbedding(embedding.Graph.Relations, vectors);
    }

    /// <summary>Takes them from memory.</summary>
    /// <param name="rows">A vector for each relation, in the order of <see cref="KnowledgeGraph.Relations"/>; copied when training
    /// begins.</param>
    /// <example>
    /// <code>
    /// float[][] rows = [.. graph.Relations.Names.Select(name => new float[] { name.Length, name.Count(char.IsUpper) })];
    /// var pipeline = ml.Transforms.SgmPretrain(graph, relationSemantics: RelationSemanticsSource.FromRows(rows));
    /// </code>
    /// </example>
    public static RelationSemanticsSource FromRows(IReadOnlyList<float[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new Given(rows);
    }

    /// <summary>The vectors, stacked twice where the graph has inverse relations; the caller owns them.</summary>
    internal abstract Tensor Load(KnowledgeGraph graph, RandomStreams streams);

    /// <summary>What a value is where none is given.</summary>
    internal static class Defaults
    {
        public const int Width = 256;
        public const int GreatestWidth = 65_536;
    }

    private sealed class Drawn(int width) : RelationSemanticsSource
    {
        internal override Tensor Load(KnowledgeGraph graph, RandomStreams streams)
        {
            using Generator generator = streams.Generator("relation-semantics");
            return RelationSemantics.Draw(graph.Relations.Count, width, generator, graph.AddInverse, 1 / Math.Sqrt(width));
        }
    }

    private sealed class Stored(string path) : RelationSemanticsSource
    {
        internal override Tensor Load(KnowledgeGraph graph, RandomStreams streams) =>
            RelationSemantics.Load(path, graph.Relations.Count, graph.AddInverse);
    }

    private sealed class Embedded(string path) : RelationSemanticsSource
    {
        internal override Tensor Load(KnowledgeGraph graph, RandomStreams streams)
        {
            using OpenKeCheckpoint checkpoint = OpenKeCheckpoint.Load(path, OpenKeDetection.TensorNames);
            FiniteTensor.Check(checkpoint.Relations, path, "rel_embeddings");
            long relations = checkpoint.Relations.size(0);
            return relations == graph.Relations.Count
                ? RelationSemantics.WithInverse(checkpoint.Relations, graph.AddInverse).clone()
                : throw new GmtFileException(
                    path, null, $"it has {relations} relations, the graph has {graph.Relations.Count}.",
                    "Give the embedding of this graph.");
        }
    }

    private sealed class OfEmbedding(Vocabulary names, float[] vectors) : RelationSemanticsSource
    {
        internal override Tensor Load(KnowledgeGraph graph, RandomStreams streams)
        {
            long[] rows = [.. graph.Relations.Names.Select(RowOf)];
            using DisposeScope scope = NewDisposeScope();
            Tensor all = tensor(vectors, device: CPU).view(names.Count, -1);                            // [R of the embedding, s]
            Tensor scaled = all / all.norm(1).mean().clamp_min(float.Epsilon);
            return RelationSemantics.WithInverse(scaled.index_select(0, tensor(rows)), graph.AddInverse).clone().MoveToOuterDisposeScope();
        }

        private long RowOf(string relation) => names.TryGetId(relation, out int id)
            ? id
            : throw new InvalidOperationException(
                $"The embedding has no vector for the relation '{relation}': it was trained on another graph. Train it on this one.");
    }

    private sealed class Encoded(string sentenceModel) : RelationSemanticsSource
    {
        internal override Tensor Load(KnowledgeGraph graph, RandomStreams streams)
        {
            using SentenceEncoder encoder = SentenceEncoder.Load(sentenceModel);
            using DisposeScope scope = NewDisposeScope();
            Tensor matrix = encoder.Encode([.. Enumerable.Range(0, graph.Relations.Count).Select(id => graph.RelationDefinition(id) ?? graph.Relations[id])]);   // [R, s]
            return RelationSemantics.WithInverse(matrix, graph.AddInverse).MoveToOuterDisposeScope();
        }
    }

    private sealed class Given(IReadOnlyList<float[]> rows) : RelationSemanticsSource
    {
        internal override Tensor Load(KnowledgeGraph graph, RandomStreams streams)
        {
            int width = rows.Count == 0 ? 0 : rows[0].Length;
            if (rows.Count != graph.Relations.Count || width == 0 || rows.Any(row => row.Length != width))
            {
                throw new InvalidOperationException(
                    $"Relation semantics must be a vector of one width for each of the graph's {graph.Relations.Count} relations; there are {rows.Count} vectors of widths {string.Join(", ", rows.Select(row => row.Length).Distinct())}.");
            }

            if (rows.Index().FirstOrDefault(row => !FiniteNumbers.Are(row.Item)) is { Item: not null } bad)
            {
                throw new InvalidOperationException(
                    $"The vector of relation '{graph.Relations[bad.Index]}' holds numbers that are not finite (NaN or infinity).");
            }

            TorchRuntime.EnsureLoaded();
            using DisposeScope scope = NewDisposeScope();
            Tensor matrix = tensor(rows.SelectMany(row => row).ToArray(), device: CPU).view(rows.Count, width);   // [R, s]
            return RelationSemantics.WithInverse(matrix, graph.AddInverse).clone().MoveToOuterDisposeScope();
        }
    }
}
