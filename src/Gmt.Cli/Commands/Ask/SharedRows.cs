using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>The processes that share a command's rows, and how many of them this one has had.</summary>
/// <param name="ranks">The processes.</param>
internal sealed class SharedRows(ICollective ranks)
{
    private static readonly JsonSerializerOptions s_exchange = new()
    {
        IgnoreReadOnlyProperties = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>The processes.</summary>
    public ICollective Ranks { get; } = ranks;

    /// <summary>Rows that this process has had.</summary>
    public long Taken { get; private set; }

    /// <summary>This process's rows of some, in whole batches.</summary>
    public RowShare Of(int rows, int batchSize = 1) => RowShare.OfBatches(Ranks, rows, batchSize);

    /// <summary>Refuses processes that do not have alike what is needed for their parts to make one result.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="files">Names for messages, and files that are read.</param>
    /// <param name="more">What else must be equal: names for messages, and values.</param>
    /// <exception cref="CollectiveException">A process differs from process 0.</exception>
    public void Check(
        CommandContext context, KnowledgeGraph graph, IEnumerable<(string Name, string Path)> files,
        params IEnumerable<(string Name, string Value)> more)
    {
        if (Ranks.Size > 1)
        {
            Ranks.Check(
            [
                ("the arguments", string.Join(' ', context.Arguments.Tokens.Select(token => token.Value))),
                .. files.Select(file => (file.Name, Hash(file.Path))), .. more, .. GraphIdentity.Of(graph),
            ]);
        }

        static string Hash(string path)
        {
            using FileStream file = File.OpenRead(path);
            return ContentHash.Of(file).Sha256;
        }
    }

    /// <summary>What all processes made of their rows, in the order of the rows, in process 0; in the others their own.</summary>
    public T[] Collect<T>(T[] own)
    {
        if (Ranks.Size == 1)
        {
            return own;
        }

        IReadOnlyList<byte[]> parts = Ranks.Gather(JsonSerializer.SerializeToUtf8Bytes(own, s_exchange));
        return Ranks.Rank > 0 ? own : [.. parts.SelectMany(part => JsonSerializer.Deserialize<T[]>(part, s_exchange)!)];
    }

    /// <summary>Counts rows that are done, and tells somebody else as well.</summary>
    public IProgress<int> Counting(IProgress<int> other) => new Counter(this, other);

    private sealed class Counter(SharedRows rows, IProgress<int> other) : IProgress<int>
    {
        public void Report(int value)
        {
            rows.Taken += value;
            other.Report(value);
        }
    }
}
