using TorchSharp;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Independent random streams from one seed, one for each purpose, so that drawing more numbers for one purpose (dropout, say) never
/// changes another (negatives).
/// </summary>
/// <param name="seed">The seed that a user gives, 42 by default in the reference.</param>
internal sealed class RandomStreams(int seed)
{
    /// <summary>The seed where none is given, the reference's: 42.</summary>
    internal const int DefaultSeed = 42;

    /// <summary>The seed that all streams derive from.</summary>
    public int BaseSeed { get; } = seed;

    /// <summary>The seed of a purpose at a position (epoch, step, row …); equal on every machine and in every process.</summary>
    /// <param name="purpose">A short fixed name, such as <c>negatives</c>.</param>
    /// <param name="position">Where in the work; any number of coordinates.</param>
    public ulong Seed(string purpose, params ReadOnlySpan<long> position)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        ulong state = CounterRandom.Mix((ulong)BaseSeed + 0x632BE59BD9B4E019);
        foreach (char c in purpose)
        {
            state = CounterRandom.Combine(state, c);
        }

        state = CounterRandom.Combine(state, (ulong)purpose.Length << 32);
        foreach (long coordinate in position)
        {
            state = CounterRandom.Combine(state, (ulong)coordinate);
        }

        return state;
    }

    /// <summary>A managed stream for a purpose at a position.</summary>
    public CounterRandom Stream(string purpose, params ReadOnlySpan<long> position) => new(Seed(purpose, position));

    /// <summary>A new CPU generator of libtorch for a purpose; the caller disposes it.</summary>
    /// <param name="purpose">A short fixed name.</param>
    /// <param name="position">Where in the work; any number of coordinates.</param>
    public torch.Generator Generator(string purpose, params ReadOnlySpan<long> position)
    {
        TorchRuntime.EnsureLoaded();
        return new torch.Generator(Seed(purpose, position));
    }
}
