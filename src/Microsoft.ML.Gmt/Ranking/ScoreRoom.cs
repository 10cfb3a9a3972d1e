using System.Buffers;
using System.Runtime.InteropServices;

namespace Microsoft.ML.Gmt.Ranking;

/// <summary>
/// Room for scores that is used again by later rankings: fresh memory takes as long as a small graph's matrix products. It begins at a
/// multiple of 64 bytes, as libtorch's own tensors do, because the last bits of a matrix product depend on that.
/// </summary>
internal sealed class ScoreRoom : IDisposable
{
    private const int Alignment = 64;

    private readonly float[] _rented;
    private GCHandle _pin;

    /// <param name="count">How many scores.</param>
    public ScoreRoom(int count)
    {
        _rented = ArrayPool<float>.Shared.Rent(checked(count + (Alignment / sizeof(float))));
        _pin = GCHandle.Alloc(_rented, GCHandleType.Pinned);
        int past = (int)(_pin.AddrOfPinnedObject() % Alignment);
        Memory = _rented.AsMemory((Alignment - past) % Alignment / sizeof(float), count);
    }

    /// <summary>The room; its content is whatever was there before.</summary>
    public Memory<float> Memory { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_pin.IsAllocated)
        {
            _pin.Free();
            ArrayPool<float>.Shared.Return(_rented);
        }
    }
}
