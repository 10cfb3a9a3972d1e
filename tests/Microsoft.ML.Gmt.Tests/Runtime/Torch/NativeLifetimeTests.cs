using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class NativeLifetimeTests
{
    private int _freed;

    [TestMethod]
    public void What_nobody_uses_is_freed_at_once_and_once()
    {
        NativeLifetime lifetime = Make();
        lifetime.Begin().Dispose();
        Assert.AreEqual(0, _freed);
        lifetime.End();
        lifetime.End();
        Assert.AreEqual(1, _freed);
        ObjectDisposedException error = Assert.ThrowsExactly<ObjectDisposedException>(() => lifetime.Begin());
        Assert.AreEqual(typeof(NativeLifetimeTests).FullName, error.ObjectName);
        Assert.ThrowsExactly<ObjectDisposedException>(lifetime.Keep);
        Assert.ThrowsExactly<ObjectDisposedException>(lifetime.ThrowIfEnded);
    }

    [TestMethod]
    public void A_use_under_way_goes_on_and_no_other_begins()
    {
        NativeLifetime lifetime = Make();
        NativeLifetime.Use use = lifetime.Begin();
        lifetime.End();
        Assert.AreEqual(0, _freed);
        Assert.ThrowsExactly<ObjectDisposedException>(() => lifetime.Begin());
        use.Dispose();
        Assert.AreEqual(1, _freed);
    }

    [TestMethod]
    public void Computations_that_belong_together_all_take_place()
    {
        NativeLifetime lifetime = Make();
        NativeLifetime.Hold hold = lifetime.Keep();
        lifetime.End();
        using (lifetime.Begin(hold))
        {
            hold.Release(); // as where an engine is disposed on another thread
            hold.Release();
            Assert.AreEqual(0, _freed);
        }

        Assert.AreEqual(1, _freed);
        Assert.ThrowsExactly<ObjectDisposedException>(() => lifetime.Begin(hold));
    }

    [TestMethod]
    public void Eight_threads_never_meet_freed_memory()
    {
        for (int round = 0; round < 500; round++)
        {
            int freed = 0, wrong = 0;
            var lifetime = new NativeLifetime(typeof(NativeLifetimeTests), () => Interlocked.Increment(ref freed));
            int turn = 0;
            LiveTensors.OnThreads(8, () =>
            {
                if (Interlocked.Increment(ref turn) == 4)
                {
                    lifetime.End();
                    return;
                }

                try
                {
                    for (int i = 0; i < 20; i++)
                    {
                        NativeLifetime.Hold hold = lifetime.Keep();
                        using (lifetime.Begin(hold))
                        {
                            wrong += Volatile.Read(ref freed);
                            hold.Release();
                        }
                    }
                }
                catch (ObjectDisposedException)
                {
                }
            });
            Assert.AreEqual((1, 0), (freed, wrong));
        }
    }

    [TestMethod]
    public void A_use_computes_in_modes_of_its_own_and_gives_the_threads_back()
    {
        NativeLifetime lifetime = Make();
        using (inference_mode())
        {
            using (lifetime.Begin())
            {
                Assert.IsFalse(is_inference_mode_enabled());
                Assert.IsTrue(is_grad_enabled());
            }

            Assert.IsTrue(is_inference_mode_enabled());
        }

        using (no_grad())
        {
            lifetime.Begin().Dispose();
            Assert.IsFalse(is_grad_enabled());
        }

        Assert.IsTrue(is_grad_enabled());
    }

    private NativeLifetime Make() => new(typeof(NativeLifetimeTests), () => _freed++);
}
