using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Graph;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Kge;

/// <summary>Losses beside their formulas, and gradients beside finite differences of these.</summary>
[TestClass]
public sealed class KgeLossTests
{
    private const double Step = 1e-5;

    private static readonly KnowledgeGraph s_graph = Graphs.Random(entities: 11, relations: 3, triples: 30);

    public static IEnumerable<object[]> Cases =>
        from shape in KgeModels.Shapes(dimension: 5)
        from loss in Enum.GetValues<KgeLoss>()
        select new object[] { shape.Model, shape.ReciprocalRelations, shape.DistanceNorm, loss };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Loss_and_gradients_are_those_of_the_formula(KgeModel model, bool isReciprocal, int norm, KgeLoss loss)
    {
        KgeTrainingOptions options = Settle(model, isReciprocal, norm, loss);
        using KgeModule module = KgeModels.Create(options.ShapeOf(model), s_graph.Bounds);
        using var step = new KgeStep(module, options);
        Triple[] triples = s_graph.Triples(GraphSplit.Train).ToArray();
        KgeBatch batch = new KgeBatches(s_graph, triples, options, new RandomStreams(3)).Epoch(0).First();
        using var scope = NewDisposeScope();
        Tensor value = step.Loss(batch);
        Assert.AreEqual(NaiveLoss(module, batch, options, out double[] weights), value.item<float>(), 2e-5, "loss");
        value.backward();
        var random = new CounterRandom(1);
        foreach ((string name, Parameter parameter) in module.named_parameters())
        {
            float[] gradient = parameter.grad!.data<float>().ToArray();
            for (int i = 0; i < 25; i++)
            {
                int at = random.Next(gradient.Length);
                double difference = Difference(module, parameter, at, batch, options, weights);
                Assert.AreEqual(difference, gradient[at], 2e-3 * Math.Max(1, Math.Abs(difference)), $"{name}[{at}]");
            }
        }
    }

    /// <summary>A central difference of the formula; weights of samples have no gradient, so they stay.</summary>
    private static double Difference(
        KgeModule module, Parameter parameter, int at, KgeBatch batch, KgeTrainingOptions options, double[] weights)
    {
        using IDisposable inference = no_grad();
        using var scope = NewDisposeScope();
        Tensor flat = parameter.view(-1);
        float own = flat[at].item<float>();
        double At(double value)
        {
            flat[at] = (float)value;
            return NaiveLoss(module, batch, options, out _, weights);
        }

        float up = (float)(own + Step), down = (float)(own - Step);
        double difference = (At(up) - At(down)) / ((double)up - down);
        flat[at] = own;
        return difference;
    }

    private static double NaiveLoss(
        KgeModule module, KgeBatch batch, KgeTrainingOptions options, out double[] weights, double[]? given = null)
    {
        int entities = s_graph.Entities.Count;
        double[][] e = [.. Enumerable.Range(0, entities).Select(row => NaiveKge.Row(module.Entities, row))];
        double[][] r = [.. Enumerable.Range(0, (int)module.Relations.size(0)).Select(row => NaiveKge.Row(module.Relations, row))];
        double Score(int row, long entity) => row < batch.TailQueries
            ? NaiveKge.Score(module.Shape, e[batch.Given[row]], r[batch.Relations[row]], e[entity])
            : NaiveKge.Score(module.Shape, e[entity], r[batch.Relations[row]], e[batch.Given[row]]);
        double total = 0, smoothing = options.LabelSmoothing, margin = options.Margin!.Value;
        List<double> used = [];
        for (int row = 0; row < batch.Count; row++)
        {
            long[] answers = [.. batch.Answers.Where((_, i) => batch.AnswerRows[i] == row)];
            double[] scores = [.. Enumerable.Range(0, entities).Select(entity => Score(row, entity))];
            double logSum = Math.Log(scores.Sum(Math.Exp));
            switch (options.Loss)
            {
                case KgeLoss.OneVsAll:
                    total -= ((1 - smoothing) * (scores[answers[0]] - logSum)) + (smoothing * scores.Average(score => score - logSum));
                    break;
                case KgeLoss.KvsAll:
                    total -= scores.Select((score, entity) =>
                    {
                        double label = ((1 - smoothing) * (answers.Contains(entity) ? 1 : 0)) + (smoothing / entities);
                        return (label * LogSigmoid(score)) + ((1 - label) * LogSigmoid(-score));
                    }).Sum();
                    break;
                default:
                    int each = batch.Candidates!.Length / batch.Count;
                    Assert.AreEqual((int)answers[0], batch.Candidates[row * each]);
                    double[] negatives =
                        [.. batch.Candidates.Skip((row * each) + 1).Take(each - 1).Select(entity => scores[entity] + margin)];
                    double[] own = Softmax([.. negatives.Select(score => score * options.AdversarialTemperature)]);
                    own = given is null ? own : given[(row * own.Length)..((row + 1) * own.Length)];
                    used.AddRange(own);
                    total -= (LogSigmoid(scores[answers[0]] + margin) + negatives.Zip(own, (score, p) => p * LogSigmoid(-score)).Sum()) / 2;
                    break;
            }
        }

        weights = [.. used];
        double Penalty(double[] vector, bool isComplex)
        {
            int half = vector.Length / 2;
            double[] squares = isComplex
                ? [.. Enumerable.Range(0, half).Select(i => (vector[i] * vector[i]) + (vector[half + i] * vector[half + i]))]
                : [.. vector.Select(x => x * x)];
            return squares.Sum(square => options.Regularizer == KgeRegularizer.N3 ? Math.Pow(square, 1.5) : square);
        }

        bool isComplex = module.Shape.Model is KgeModel.ComplEx or KgeModel.RotatE;
        double penalty = batch.Answers.Select((answer, i) => Penalty(e[answer], isComplex)
            + Penalty(e[batch.Given[batch.AnswerRows[i]]], isComplex)
            + (module.Shape.Model == KgeModel.RotatE ? 0 : Penalty(r[batch.Relations[batch.AnswerRows[i]]], isComplex))).Average();
        return (total / batch.Count) + (options.RegularizationWeight!.Value * penalty);
    }

    private static double LogSigmoid(double x) => -Math.Log(1 + Math.Exp(-x));

    private static double[] Softmax(double[] values) => [.. values.Select(value => Math.Exp(value) / values.Sum(Math.Exp))];

    private static KgeTrainingOptions Settle(KgeModel model, bool isReciprocal, int norm, KgeLoss loss) => KgeTrainer.Settle(
        new KgeTrainingOptions
        {
            EmbeddingDimension = 5,
            Loss = loss,
            ReciprocalRelations = isReciprocal,
            DistanceNorm = norm,
            BatchSize = 17,
            Regularizer = isReciprocal ? KgeRegularizer.N3 : KgeRegularizer.L2,
            RegularizationWeight = 0.03,
            LabelSmoothing = loss == KgeLoss.NegativeSampling ? 0 : 0.2,
            NegativesPerPositive = 4,
            Margin = 1.5,
        }, model, s_graph, s_graph.TripleMemory(GraphSplit.Train));
}
