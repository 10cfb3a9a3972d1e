namespace Microsoft.ML.Gmt.Tests;

/// <summary>Passes reports on at once and on the same thread, which <see cref="Progress{T}"/> does not.</summary>
internal sealed class Listener<T>(Action<T> tell) : IProgress<T>
{
    public void Report(T value) => tell(value);
}
