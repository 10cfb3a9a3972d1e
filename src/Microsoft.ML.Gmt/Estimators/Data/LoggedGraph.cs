using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Reads a graph and warns, in the log of the context, where something was guessed.</summary>
internal static class LoggedGraph
{
    /// <exception cref="FileNotFoundException">There is no such file or folder, or the folder lacks a file that is needed.</exception>
    /// <exception cref="GraphFormatException">A file is malformed.</exception>
    public static KnowledgeGraph Read(IHostEnvironment environment, GraphSource source)
    {
        KnowledgeGraph graph = source.ReadWhole(out IReadOnlyList<GraphDoubt> guesses);
        if (guesses.Count > 0)
        {
            using IChannel channel = environment.Register("KnowledgeGraph").Start("Load");
            foreach (GraphDoubt guess in guesses)
            {
                channel.Warning(MessageSensitivity.None, guess.About(source.Path));
            }
        }

        return graph;
    }
}
