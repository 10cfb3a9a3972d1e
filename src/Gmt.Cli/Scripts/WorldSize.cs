using Microsoft.ML.Gmt.Cli.CommandLine;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.Scripts;

/// <summary>Processes that share a training run, as PyTorch's launchers announce them by <c>WORLD_SIZE</c> and <c>LOCAL_RANK</c>.</summary>
internal static class WorldSize
{
    /// <summary>Whether this process is the one of its machine that prints.</summary>
    public static bool IsFirst(Func<string, string?> environment) => Read(environment, "LOCAL_RANK", 0) == 0;

    /// <summary>Checks that batches can be shared among the processes, and that there is one alone.</summary>
    /// <param name="environment">Values of variables.</param>
    /// <param name="batchSize">Rows of a step.</param>
    /// <param name="microBatchSize">Rows that go through the model at once.</param>
    /// <exception cref="ArgumentException">The sizes do not go together.</exception>
    /// <exception cref="CommandFailure">There are several processes.</exception>
    public static void Check(Func<string, string?> environment, int batchSize, int microBatchSize)
    {
        int worldSize = Read(environment, "WORLD_SIZE", 1);
        _ = new BatchSizes(batchSize, microBatchSize, worldSize);
        if (worldSize > 1)
        {
            throw new CommandFailure(
                $"WORLD_SIZE is {worldSize}, and the batch could be shared so. But this version trains in one process. Start one without WORLD_SIZE; "
                + "it computes the same steps, and a smaller --micro_batch_size takes less memory.");
        }
    }

    private static int Read(Func<string, string?> environment, string name, int otherwise) =>
        environment(name) is not { Length: > 0 } text ? otherwise
        : PythonNumber.TryParseInteger(text, out int number) ? number
        : throw new CommandFailure($"{name} is '{text}'; a whole number is expected.");
}
