using System.Reflection;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// The processes that train one model together, each running the same program: started by <c>torchrun</c>, Slurm, Open MPI or anything
/// else that sets their variables (<c>docs/scale-out.md</c>).
/// </summary>
/// <remarks>
/// <para>An estimator that is told of a group (<c>Options.Processes</c>) shares each step's rows among them. All processes must call the
/// same <c>Fit</c> with the same options, data and graph, in the same order, one at a time; they end with the same weights. Process 0
/// validates, reports progress and writes checkpoints. Whether only it saves the model is the program's to say.</para>
/// <para>Where a process fails, or disposes its group without <see cref="Leave"/>, all others end with an exception that says which one
/// ended.</para>
/// </remarks>
/// <example>
/// <code>
/// using ProcessGroup processes = ProcessGroup.Join();
/// using KgeTransformer model = ml.Transforms.EmbedKnowledgeGraph(
///     graph, KgeModel.ComplEx, new KgeEstimator.Options { Processes = processes }).Fit(graph.ToDataView());
/// if (processes.Rank == 0)
/// {
///     ml.Model.SaveAtomically(model, graph.ToDataView().Schema, "embedding.zip");
/// }
///
/// processes.Leave();
/// </code>
/// </example>
public sealed class ProcessGroup : IDisposable
{
    internal ProcessGroup(ICollective ranks) => Ranks = ranks;

    /// <summary>This process's number, from 0.</summary>
    public int Rank => Ranks.Rank;

    /// <summary>How many processes there are; 1 where no launcher started this one.</summary>
    public int Size => Ranks.Size;

    internal ICollective Ranks { get; }

    /// <summary>Meets the other processes that a launcher started; without a launcher this one is alone.</summary>
    /// <returns>The group; <see cref="Leave"/> it at the end, and dispose it.</returns>
    /// <exception cref="ArgumentException">A variable of the launcher is missing or malformed; the message names it.</exception>
    /// <exception cref="IOException">
    /// The others did not come in time, or run another program or another version of this library.
    /// </exception>
    public static ProcessGroup Join()
    {
        RankOptions options = RankVariables.Read(Environment.GetEnvironmentVariable);
        return new ProcessGroup(options.Size == 1 ? SingleRank.Instance : TcpCollective.Join(
            options,
            [
                ("Gmt.MLNet", $"{typeof(ProcessGroup).Assembly.GetName().Version}"),
                ("the program", $"{Assembly.GetEntryAssembly()?.FullName}"),
            ]));
    }

    /// <summary>Waits until all processes are at their end.</summary>
    /// <exception cref="IOException">Another process has failed.</exception>
    public void Leave() => Ranks.Leave();

    /// <summary>Ends the group; the others fail unless this process has left.</summary>
    public void Dispose() => Ranks.Dispose();
}
