using Microsoft.ML.Gmt.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>Remembers the weights of the best epoch so far.</summary>
internal sealed class BestWeights(IEnumerable<Parameter> parameters) : IDisposable, ITrainingState
{
    private readonly Parameter[] _parameters = [.. parameters];
    private Tensor[] _copies = [];

    /// <summary>The best validation figure, or null.</summary>
    public double? Figure { get; private set; }

    /// <summary>Its epoch, from 1.</summary>
    public int? Epoch { get; private set; }

    /// <summary>Notes an epoch as the best one, with a copy of its weights where they shall be restored.</summary>
    public void Keep(double figure, int epoch, bool copy)
    {
        (Figure, Epoch) = (figure, epoch);
        if (!copy)
        {
            return;
        }

        Dispose();
        using IDisposable inference = no_grad();
        using var scope = NewDisposeScope();
        _copies = Array.ConvertAll(_parameters, parameter => parameter.detach().clone().DetachFromDisposeScope());
    }

    /// <summary>Puts the copies back, where there are any.</summary>
    public void Restore()
    {
        using IDisposable inference = no_grad();
        for (int i = 0; i < _copies.Length; i++)
        {
            _parameters[i].copy_(_copies[i]);
        }
    }

    /// <inheritdoc/>
    IReadOnlyList<KeyValuePair<string, Tensor>> ITrainingState.State() =>
    [
        KeyValuePair.Create("epoch", tensor((long)(Epoch ?? 0), device: CPU)),
        KeyValuePair.Create("figure", tensor(Figure ?? double.NaN, ScalarType.Float64, CPU)),
        .. _copies.Select((copy, i) => KeyValuePair.Create(CopyName(i), copy)),
    ];

    /// <inheritdoc/>
    void ITrainingState.Restore(IReadOnlyDictionary<string, Tensor> state)
    {
        long epoch = TrainingState.Get(state, "epoch", ScalarType.Int64).item<long>();
        double figure = TrainingState.Get(state, "figure", ScalarType.Float64).item<double>();
        if (epoch is < 0 or > int.MaxValue || (epoch > 0 && !double.IsFinite(figure)))
        {
            throw new GmtFileException($"'epoch' is {epoch} and 'figure' {figure}, an epoch and its figure are expected");
        }

        (Epoch, Figure) = epoch == 0 ? (null, null) : ((int?)epoch, (double?)figure);
        Dispose();
        if (state.ContainsKey(CopyName(0)))
        {
            Tensor[] stored = [.. _parameters.Select((parameter, i) => TrainingState.GetFinite(state, CopyName(i), parameter))];
            _copies = Array.ConvertAll(stored, copy => copy.clone().DetachFromDisposeScope());
        }
    }

    private static string CopyName(int parameter) => $"parameter {parameter}";

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor copy in _copies)
        {
            copy.Dispose();
        }

        _copies = [];
    }
}
