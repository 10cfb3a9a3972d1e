using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Keys and values of the tokens already read, layer by layer, so that each token is computed once.</summary>
/// <remarks>
/// Grows by doubling. Only for inference: appending tensors that carry a gradient is an error. One cache serves one batch and one thread;
/// the model itself may be used by many threads, each with its own cache.
/// </remarks>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor?[] _keys;
    private readonly Tensor?[] _values;
    private readonly long[] _lengths;
    private readonly long _reserved;

    /// <summary>Creates an empty cache.</summary>
    /// <param name="layerCount">Layers of the model.</param>
    /// <param name="capacity">Tokens to reserve room for at first; more may be appended. Default 64.</param>
    public KeyValueCache(int layerCount, long capacity = 64)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(layerCount);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _keys = new Tensor?[layerCount];
        _values = new Tensor?[layerCount];
        _lengths = new long[layerCount];
        _reserved = capacity;
    }

    /// <summary>Tokens (padding included) held for every layer.</summary>
    public long Length => _lengths.Min();

    /// <summary>[batch, Length] bool, true at real tokens; null where nothing is padding.</summary>
    public Tensor? Visible { get; private set; }

    /// <inheritdoc/>
    public void Dispose()
    {
        for (int layer = 0; layer < _keys.Length; layer++)
        {
            _keys[layer]?.Dispose();
            _values[layer]?.Dispose();
            _keys[layer] = _values[layer] = null;
            _lengths[layer] = 0;
        }

        Visible?.Dispose();
        Visible = null;
    }

    /// <summary>Keeps which of all tokens so far are real.</summary>
    public void Remember(Tensor visible)
    {
        Tensor kept = visible.alias().DetachFromDisposeScope();
        Visible?.Dispose();
        Visible = kept;
    }

    /// <summary>Adds the new tokens' keys and values of a layer and returns views of all so far, in the current scope.</summary>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="keys">[batch, keyValueHeads, new, headSize].</param>
    /// <param name="values">The same shape.</param>
    /// <returns>Two tensors [batch, keyValueHeads, all, headSize].</returns>
    public (Tensor Keys, Tensor Values) Append(int layer, Tensor keys, Tensor values)
    {
        if (keys.requires_grad || values.requires_grad)
        {
            throw new InvalidOperationException(
                "A key/value cache is for inference; run the forward pass under torch.no_grad() or without a cache.");
        }

        long past = _lengths[layer];
        long total = past + keys.size(2);
        _lengths[layer] = total;
        return (Extend(ref _keys[layer], keys, past, total), Extend(ref _values[layer], values, past, total));
    }

    private Tensor Extend(ref Tensor? store, Tensor added, long past, long total)
    {
        if (store is null || store.size(2) < total)
        {
            store = Grow(store, added, past, total);
        }

        using (Tensor room = store.narrow(2, past, total - past))
        {
            room.copy_(added).Dispose();
        }

        return store.narrow(2, 0, total);
    }

    private Tensor Grow(Tensor? store, Tensor like, long past, long total)
    {
        long capacity = Math.Max(total, store is null ? _reserved : store.size(2) * 2);
        Tensor larger = empty([like.size(0), like.size(1), capacity, like.size(3)], dtype: like.dtype, device: like.device)
            .DetachFromDisposeScope();
        if (store is not null)
        {
            using Tensor source = store.narrow(2, 0, past);
            using Tensor target = larger.narrow(2, 0, past);
            target.copy_(source).Dispose();
            store.Dispose();
        }

        return larger;
    }
}
