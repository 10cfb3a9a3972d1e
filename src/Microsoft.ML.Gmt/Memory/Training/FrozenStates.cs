using Microsoft.ML.Gmt.Llm;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// What comes out of the layers below the memory for each row of a training run, kept from its first epoch on: the base model is frozen
/// and reads no memory there, so that a row's states never change.
/// </summary>
/// <remarks>
/// Rows of one length are computed together, without padding, in the order of all rows: so a row's states do not depend on the step that
/// asks first, and a resumed run has the bits of an uninterrupted one. Calls come one after another.
/// </remarks>
internal sealed class FrozenStates : IDisposable
{
    /// <summary>The most that is kept; longer data go through the lower layers in each epoch.</summary>
    public const long MostBytes = 1L << 30;

    private const int RowsAtOnce = 32;

    private readonly LlamaModel _model;
    private readonly IReadOnlyList<int>[][] _groups;   // token ids of each row
    private readonly Tensor?[] _states;                // of each group [rows, tokens, hidden]
    private readonly Dictionary<IReadOnlyList<int>, (int Group, int Row)> _places = new(ReferenceEqualityComparer.Instance);

    private FrozenStates(LlamaModel model, int layers, IReadOnlyList<TokenizedRow> rows)
    {
        (_model, Layers) = (model, layers);
        _groups =
        [
            .. rows.Select(row => row.Ids).Distinct<IReadOnlyList<int>>(ReferenceEqualityComparer.Instance)
                .GroupBy(ids => ids.Count).OrderBy(group => group.Key).SelectMany(group => group.Chunk(RowsAtOnce)),
        ];
        _states = new Tensor?[_groups.Length];
        for (int group = 0; group < _groups.Length; group++)
        {
            for (int row = 0; row < _groups[group].Length; row++)
            {
                _places.Add(_groups[group][row], (group, row));
            }
        }
    }

    /// <summary>How many layers the states have gone through.</summary>
    public int Layers { get; }

    /// <summary>Nothing is computed yet.</summary>
    /// <param name="model">The language model, frozen.</param>
    /// <param name="layers">Layers below the lowest that reads memory.</param>
    /// <param name="rows">All rows of the run.</param>
    /// <param name="mostBytes">The most that may be kept.</param>
    /// <returns>Null where there is no such layer, the states would be larger, or they would fill the memory of a GPU.</returns>
    public static FrozenStates? Of(LlamaModel model, int layers, IReadOnlyList<TokenizedRow> rows, long mostBytes = MostBytes)
    {
        long numbers = rows.Sum(row => (long)row.Ids.Count) * model.Config.HiddenSize;
        return layers > 0 && model.Device.type == DeviceType.CPU && numbers * model.DataType.ElementSize() <= mostBytes
            ? new FrozenStates(model, layers, rows)
            : null;
    }

    /// <summary>The states of some rows, shorter ones padded with zeros on the left.</summary>
    /// <param name="rows">Rows of the run.</param>
    /// <param name="leastLength">How long rows are made at least. Default 0.</param>
    /// <returns>[batch, longest row, hidden], in the caller's dispose scope.</returns>
    public Tensor Of(IReadOnlyList<TokenizedRow> rows, int leastLength = 0)
    {
        using IDisposable inference = no_grad();
        using DisposeScope scope = NewDisposeScope();
        int longest = Math.Max(leastLength, rows.Max(row => row.Ids.Count));
        Tensor padded = zeros(
            rows.Count, longest, _model.Config.HiddenSize, dtype: _model.DataType, device: _model.Device);
        for (int i = 0; i < rows.Count; i++)
        {
            (int group, int row) = _places[rows[i].Ids];
            Tensor states = (_states[group] ??= Compute(_groups[group])).select(0, row);   // [tokens, hidden]
            padded.select(0, i).narrow(0, longest - rows[i].Ids.Count, rows[i].Ids.Count).copy_(states);
        }

        return padded.MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        foreach (Tensor? states in _states)
        {
            states?.Dispose();
        }
    }

    private Tensor Compute(IReadOnlyList<int>[] group)
    {
        using DisposeScope scope = NewDisposeScope();
        TokenBatch batch = _model.CreateBatch(group);
        Tensor states = _model.RunLayers(_model.Embed(batch.InputIds), _model.CreateContext(batch.InputIds), to: Layers);
        return states.DetachFromDisposeScope();
    }
}
