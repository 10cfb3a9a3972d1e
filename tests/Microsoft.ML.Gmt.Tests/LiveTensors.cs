using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests;

/// <summary>Finds tensors that are left to the garbage collector, which is too late for native memory.</summary>
internal static class LiveTensors
{
    /// <summary>Does some work twice: the second time no tensor of the process, on whatever thread, may be left.</summary>
    public static void StayTheSame(Action work)
    {
        work(); // what is kept for good, such as tables that are computed once, is made the first time

        // What earlier tests left behind goes now, not while it would change the count.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = Tensor.TotalCount;
        work();
        Assert.AreEqual(0, Tensor.TotalCount - before, "tensors left");
    }

    /// <summary>Does some work on several threads of their own at once.</summary>
    public static void OnThreads(int count, Action work)
    {
        Exception?[] errors = new Exception?[count];
        Thread[] threads = [.. Enumerable.Range(0, count).Select(index => new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                errors[index] = error;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.IsTrue(Array.TrueForAll(errors, error => error is null), Array.Find(errors, error => error is not null)?.ToString());
    }
}
