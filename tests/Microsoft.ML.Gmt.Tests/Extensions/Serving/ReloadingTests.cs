using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML.Gmt.Extensions;

namespace Microsoft.ML.Gmt.Tests.Extensions;

/// <summary>A model whose file is replaced while it is asked.</summary>
[TestClass]
public sealed class ReloadingTests
{
    private const int Threads = 8, Rounds = 6;
    private const double Tolerance = 1e-6;

    private static readonly NamedFact Question = new("Lena", "lives in", "Łódź");

    [TestMethod]
    public async Task Eight_threads_get_answers_of_one_model_or_the_other_and_each_is_freed()
    {
        using var folder = new TemporaryFolder();
        string served = folder["served.zip"];
        string[] archives = [EarlierModel.Facts, EarlierModel.SavePathModel(folder["paths.zip"])];
        double[] expected = [await ProbabilityOf(archives[0]), await ProbabilityOf(archives[1])];
        Assert.AreNotEqual(expected[0], expected[1], Tolerance);
        Replace(served, archives[0]);
        var loaded = new ConcurrentQueue<ITransformer>();
        var log = new AppLog();
        ServiceProvider services = TestApplication.Build(
            services => services.AddGmt(options =>
            {
                (options.ModelPath, options.WatchForChanges) = (served, true);
                options.WatchInterval = TimeSpan.FromMilliseconds(10);
                options.OnLoaded = (_, model) => loaded.Enqueue(model);
            }),
            log);
        var scorer = services.GetRequiredService<IGmtScorer>();
        await scorer.LoadAsync();
        using var isOver = new CancellationTokenSource();
        long[] answers = new long[2];
        Task[] askers = [.. Enumerable.Range(0, Threads).Select(_ => Task.Run(async () =>
        {
            while (!isOver.IsCancellationRequested)
            {
                double found = (await scorer.JudgeAsync(Question, CancellationToken.None)).Probability!.Value;
                int which = Math.Abs(found - expected[0]) < Tolerance ? 0 : 1;
                Assert.AreEqual(expected[which], found, Tolerance);
                Interlocked.Increment(ref answers[which]);
            }
        }))];
        for (int round = 1; round <= Rounds; round++)
        {
            Replace(served, archives[round % 2]);
            await TestApplication.Until(
                async () => Math.Abs((await scorer.JudgeAsync(Question)).Probability!.Value - expected[round % 2]) < Tolerance,
                $"round {round}: the new file answers");
        }

        await isOver.CancelAsync();
        await Task.WhenAll(askers);
        await services.DisposeAsync();
        Assert.IsGreaterThan(0, Math.Min(answers[0], answers[1]));
        Assert.HasCount(Rounds + 1, loaded);
        Assert.AreEqual(Rounds + 1, log.Entries.Count(entry => entry.Event.Name == "Loaded"));
        Assert.IsEmpty(log.Entries.Where(entry => entry.Level >= LogLevel.Error));
        foreach (BatchedTransformer part in loaded.SelectMany(Parts).OfType<BatchedTransformer>())
        {
            Assert.ThrowsExactly<ObjectDisposedException>(part.Lifetime.ThrowIfEnded, "none of the models is left");
        }
    }

    [TestMethod]
    public async Task A_file_that_cannot_be_read_leaves_the_old_model_and_is_logged_once()
    {
        using var folder = new TemporaryFolder();
        string served = folder["served.zip"];
        Replace(served, EarlierModel.Facts);
        var log = new AppLog();
        await using ServiceProvider services = TestApplication.Build(
            services => services.AddGmt(options =>
            {
                (options.ModelPath, options.WatchForChanges) = (served, true);
                options.WatchInterval = TimeSpan.FromMilliseconds(10);
            }),
            log);
        var scorer = services.GetRequiredService<IGmtScorer>();
        double before = (await scorer.JudgeAsync(Question)).Probability!.Value;
        folder.Write("served.zip", "no archive");
        await TestApplication.Until(() => Task.FromResult(Kept().Any()), "it is logged");
        await Task.Delay(100);
        Assert.AreEqual(before, (await scorer.JudgeAsync(Question)).Probability!.Value, Tolerance);
        Assert.HasCount(1, Kept());
        StringAssert.Contains(Kept().Single().Text, "Replace the file.");

        File.Delete(served);
        await Task.Delay(50);
        Assert.AreEqual(before, (await scorer.JudgeAsync(Question)).Probability!.Value, Tolerance, "nor a missing one");
        IEnumerable<(LogLevel Level, EventId Event, string Text)> Kept() => log.Entries.Where(entry => entry.Event.Name == "Kept");
    }

    [TestMethod]
    public void A_value_lives_until_its_last_use_has_ended()
    {
        var value = new Witness();
        var shared = new SharedValue<Witness>(value);
        using SharedValue<Witness>.Lease first = shared.TryTake()!, second = shared.TryTake()!;
        first.Dispose();
        first.Dispose();
        shared.Release();
        Assert.IsFalse(value.IsDisposed, "the second use goes on");
        second.Dispose();
        Assert.IsTrue(value.IsDisposed);
        Assert.IsNull(shared.TryTake());
    }

    private static async Task<double> ProbabilityOf(string archive)
    {
        await using ServiceProvider services = TestApplication.Build(services => services.AddGmt(options => options.ModelPath = archive));
        return (await services.GetRequiredService<IGmtScorer>().JudgeAsync(Question)).Probability!.Value;
    }

    private static IEnumerable<ITransformer> Parts(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain : [model];

    private static void Replace(string target, string source)
    {
        string next = $"{target}.next";
        File.Copy(source, next);
        File.SetLastWriteTimeUtc(next, DateTime.UtcNow);
        File.Move(next, target, overwrite: true);
    }

    private sealed class Witness : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }
}
