using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Benchmarks.Accuracy;

/// <summary>
/// The control: a plain network of two layers on the same features, scaled as GMT's memory scales them, without any language model. The
/// epoch is chosen by the loss of every fifth validation row, which is not learned from.
/// </summary>
internal static class NetworkRows
{
    private const int Width = 64, Epochs = 30, BatchSize = 32;

    public static KeptRow Get(LabeledRows rows, string folder, string name, int seed, Func<int, FeatureMatrix> columns) =>
        KeptRow.Get(folder, name, seed, () =>
        {
            FeatureMatrix matrix = columns(seed);
            (int[] learned, int[] held) = HeldOut(rows, seed);
            (float[] test, int epoch) = Learn(rows, matrix, learned, held, rows.Test, seed);
            float[] outOfFold = CrossValidation.OutOfFold(rows, seed, (some, judged) =>
            {
                // A fifth of them, question by question, chooses the epoch.
                int[] folds = rows.Folds(seed + 1), other = Array.FindAll(some, row => folds[row] == 0);
                return Learn(rows, matrix, [.. some.Except(other)], other, judged, seed).LogOdds;
            });
            return new KeptRow(name, seed, $"epoch {epoch} of {Epochs}", 0, outOfFold, test);
        });

    /// <summary>One of five folds chooses the epoch.</summary>
    public static (int[] Learned, int[] Held) HeldOut(LabeledRows rows, int seed)
    {
        int[] folds = rows.Folds(seed);
        return (Array.FindAll(rows.Validation, row => folds[row] != 0), Array.FindAll(rows.Validation, row => folds[row] == 0));
    }

    private static (float[] LogOdds, int Epoch) Learn(
        LabeledRows rows, FeatureMatrix matrix, int[] learned, int[] held, int[] judged, int seed)
    {
        TorchRuntime.EnsureLoaded();
        using DisposeScope scope = NewDisposeScope();
        var scaling = FeatureScaling.Fit([.. learned.Select(row => matrix.Row(row).ToArray())], matrix.Slots);
        using Generator generator = new RandomStreams(seed).Generator("control");
        Parameter first = Random(Width, scaling.InputWidth), firstBias = new(zeros(Width));
        Parameter second = Random(1, Width), secondBias = new(zeros(1));
        Parameter[] weights = [first, firstBias, second, secondBias];
        using var adam = optim.AdamW(weights, lr: 1e-3, weight_decay: 1e-2);
        Tensor inputs = Inputs(learned), labels = Labels(learned), heldInputs = Inputs(held), heldLabels = Labels(held);
        double least = double.PositiveInfinity;
        (float[] best, int epoch) = ([], 0);
        Tensor judgedInputs = Inputs(judged);
        for (int i = 1; i <= Epochs; i++)
        {
            foreach (Tensor batch in randperm(learned.Length, generator: generator).split(BatchSize))
            {
                using DisposeScope step = NewDisposeScope();
                adam.zero_grad();
                Loss(Odds(inputs[batch]), labels[batch]).backward();
                adam.step();
            }

            using DisposeScope end = NewDisposeScope();
            using IDisposable inference = no_grad();
            double loss = Loss(Odds(heldInputs), heldLabels).item<float>();
            if (loss < least)
            {
                (least, epoch, best) = (loss, i, [.. Odds(judgedInputs).contiguous().data<float>()]);
            }
        }

        return (best, epoch);

        Parameter Random(long to, long from) => new(randn([to, from], generator: generator) * Math.Sqrt(1.0 / from));
        Tensor Odds(Tensor of) => nn.functional.linear(
            nn.functional.gelu(nn.functional.linear(of, first, firstBias)), second, secondBias).squeeze(1);
        Tensor Loss(Tensor odds, Tensor truth) => nn.functional.binary_cross_entropy_with_logits(odds, truth);
        Tensor Labels(int[] places) => tensor(places.Select(place => rows.Labels[place] ? 1f : 0f).ToArray());
        Tensor Inputs(int[] places)
        {
            float[] all = new float[places.Length * scaling.InputWidth];
            for (int i = 0; i < places.Length; i++)
            {
                scaling.Fill(matrix.Row(places[i]), 4, all.AsSpan(i * scaling.InputWidth, scaling.InputWidth));
            }

            return tensor(all, [places.Length, scaling.InputWidth]);
        }
    }
}
