using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt.Tests;

/// <summary>Listens to what a context says.</summary>
internal static class ContextMessages
{
    /// <summary>What is said of a kind from now on, as it comes.</summary>
    public static List<string> Messages(this MLContext ml, ChannelMessageKind kind = ChannelMessageKind.Warning)
    {
        List<string> messages = [];
        ml.Log += (_, message) => messages.AddRange(message.Kind == kind ? [message.RawMessage] : []);
        return messages;
    }
}
