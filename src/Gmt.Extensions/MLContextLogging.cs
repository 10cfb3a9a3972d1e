using Microsoft.Extensions.Logging;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>Hands what a context says to an application's log.</summary>
public static partial class MLContextLogging
{
    /// <summary>
    /// Writes what the components of a context say, those of this library and ML.NET's own, to a logger: what a training run reports,
    /// warnings of names that a graph lacks, and so on.
    /// </summary>
    /// <remarks>
    /// ML.NET's trace becomes the level Trace, its information, warnings and errors these. <c>services.AddGmt</c> and
    /// <c>services.AddPredictionEnginePool</c> do it for the context that they register.
    /// </remarks>
    /// <param name="context">The context.</param>
    /// <param name="logger">The logger.</param>
    /// <returns>The context.</returns>
    /// <example>
    /// <code>
    /// ILogger&lt;MLContext> logger = LoggerFactory.Create(_ => { }).CreateLogger&lt;MLContext>();
    /// MLContext context = new MLContext(seed: 42).LogTo(logger);
    /// </code>
    /// </example>
    public static MLContext LogTo(this MLContext context, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(logger);
        context.Log += (_, message) =>
        {
            LogLevel level = LevelOf(message.Kind);
            if (logger.IsEnabled(level))
            {
                Write(logger, level, message.Source, message.RawMessage);
            }
        };
        return context;
    }

    private static LogLevel LevelOf(ChannelMessageKind kind) => kind switch
    {
        ChannelMessageKind.Error => LogLevel.Error,
        ChannelMessageKind.Warning => LogLevel.Warning,
        ChannelMessageKind.Info => LogLevel.Information,
        _ => LogLevel.Trace,
    };

    [LoggerMessage(EventId = 1, EventName = "Said", Message = "{Source}: {Text}")]
    private static partial void Write(ILogger logger, LogLevel level, string source, string text);
}
