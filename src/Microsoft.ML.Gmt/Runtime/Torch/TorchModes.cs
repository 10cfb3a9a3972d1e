using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>The modes that this library computes in, whatever those of its host are. libtorch keeps them for each thread.</summary>
internal static class TorchModes
{
    /// <summary>
    /// Gradients are recorded and inference mode is off, whose tensors could never be trained again, until the result is disposed; then
    /// the thread has its own modes again.
    /// </summary>
    /// <returns>To be disposed by the same thread.</returns>
    public static IDisposable Own()
    {
        TorchRuntime.EnsureLoaded();
        return inference_mode(false);
    }
}
