using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Probe;

/// <summary>Adds ones to a tensor while garbage is collected and finalized without a pause.</summary>
internal static class ScalarStress
{
    /// <summary>Whether every addition was right.</summary>
    public static bool Run(TimeSpan duration)
    {
        using var stop = new CancellationTokenSource(duration);
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        bool right = true;
        using (NewDisposeScope())
        using (no_grad())
        {
            Tensor sum = zeros(1);
            for (int ones = 0; !stop.IsCancellationRequested && right; ones += 100)
            {
                for (int i = 0; i < 100; i++)
                {
                    sum.add_(1);
                }

                // Exact in fp32 below 2^24.
                right = sum.item<float>() == ones + 100;
                if (ones > 1_000_000)
                {
                    sum.zero_();
                    ones = -100;
                }
            }
        }

        stop.Cancel();
        collector.Join();
        return right;
    }
}
