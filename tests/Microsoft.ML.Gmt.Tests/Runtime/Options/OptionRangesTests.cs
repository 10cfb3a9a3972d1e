using System.Globalization;
using System.Reflection;
using Microsoft.ML.Gmt.Kge;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Paths;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Estimators;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Tests.Runtime;

/// <summary>Every number of every public record of options has a range, which docs/options.md states and the library keeps to.</summary>
[TestClass]
public sealed class OptionRangesTests
{
    private static readonly MLContext Ml = new(seed: 1);

    /// <summary>What takes a record: the public entry point that refuses what is out of range, before it does anything.</summary>
    private static readonly Dictionary<Type, Action<object>> Uses = new()
    {
        [typeof(SgmOptions)] = value => Pretrain(new() { GraphModule = (SgmOptions)value }),
        [typeof(SgmTrainingOptions)] = value => Pretrain(new() { Training = (SgmTrainingOptions)value }),
        [typeof(TrainingCheckpointOptions)] = value =>
            Pretrain(new() { Training = new() { Checkpoint = (TrainingCheckpointOptions)value } }),
        [typeof(SgmPretrainEstimator.Options)] = value => Pretrain((SgmPretrainEstimator.Options)value),
        [typeof(SgmScoringOptions)] = value => Ml.Model.LoadSgmCheckpoint("nowhere", Pipelines.Graph, (SgmScoringOptions)value),
        [typeof(KgeTrainingOptions)] = value => Embed(new() { Training = (KgeTrainingOptions)value }),
        [typeof(KgeEstimator.Options)] = value => Embed((KgeEstimator.Options)value),
        [typeof(RerankingOptions)] = value => ((RerankingOptions)value).Check(),
        [typeof(LoraOptions)] = value => Finetune(new() { Memory = new() { Lora = (LoraOptions)value } }),
        [typeof(MemoryOptions)] = value => Finetune(new() { Memory = (MemoryOptions)value }),
        [typeof(FeatureMemoryOptions)] = value => Finetune(new() { FeatureMemory = (FeatureMemoryOptions)value }),
        [typeof(GmtTextOptions)] = value => Finetune(new() { Text = (GmtTextOptions)value }),
        [typeof(GmtTrainingOptions)] = value => Finetune(new() { Training = (GmtTrainingOptions)value }),
        [typeof(GmtFinetuneEstimator.Options)] = value => Finetune((GmtFinetuneEstimator.Options)value),
        [typeof(GmtScoringOptions)] = value => Ml.Model.LoadGmtCheckpoint("nowhere", "nowhere", Pipelines.Graph, (GmtScoringOptions)value),
        [typeof(PathScoringEstimator.Options)] = value =>
            Ml.Transforms.ApplyPathModel(Pipelines.Graph, "nowhere", (PathScoringEstimator.Options)value),
        [typeof(PathTrainingEstimator.Options)] = value => TrainPaths((PathTrainingEstimator.Options)value),
        [typeof(PathTrainingOptions)] = value => TrainPaths(new() { Training = (PathTrainingOptions)value }),
        [typeof(FeaturizeTriplesEstimator.Options)] = value =>
            Ml.Transforms.FeaturizeTriples("Features", Pipelines.Graph, (FeaturizeTriplesEstimator.Options)value),
        [typeof(SentenceEmbeddingEstimator.Options)] = value =>
            ((SentenceEmbeddingEstimator.Options)value with { OutputColumnName = "Embedding" }).Check(),
        [typeof(GreedyOptions)] = value =>
        {
            using LlamaModel model = TinyLlama.Create();
            _ = new GreedyDecoder(model, (GreedyOptions)value);
        },
        [typeof(RotaryOptions)] = value => ((RotaryOptions)value).Validate(),
    };

    private static Type[] Records =>
    [
        .. typeof(SgmOptions).Assembly.GetExportedTypes()
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && !type.IsAbstract)
            .OrderBy(Name, StringComparer.Ordinal),
    ];

    [TestMethod]
    public void Every_number_has_a_range()
    {
        string[] without =
        [
            .. Records.SelectMany(Numbers).Where(property => property.GetCustomAttribute<OptionRangeAttribute>() is null)
                .Select(property => $"{Name(property.DeclaringType!)}.{property.Name}"),
        ];
        Assert.IsEmpty(without, $"no [OptionRange] on {string.Join(", ", without)}");
        Assert.IsGreaterThan(30, Records.Sum(type => Numbers(type).Count()));
    }

    [TestMethod]
    public void The_table_in_the_docs_is_that_of_the_properties()
    {
        string[] expected = [.. Records.SelectMany(type => OptionRanges.Of(type)
            .Where(pair => pair.Property.DeclaringType == type)
            .Select(pair => $"| `{Name(type)}.{pair.Property.Name}` | {Range(pair)} | {Default(type, pair.Property)} |"))];
        string[] stated = OptionsPage.Rows("In code");
        Assert.AreEqual(string.Join('\n', expected), string.Join('\n', stated));
    }

    [TestMethod]
    public void What_is_out_of_range_is_refused_with_the_name_of_the_property_and_what_is_within_is_taken()
    {
        foreach (Type type in Records.Where(type => OptionRanges.Of(type).Count > 0))
        {
            Assert.IsTrue(Uses.TryGetValue(type, out Action<object>? use), $"say in this test what takes a {Name(type)}");
            foreach ((PropertyInfo property, OptionRangeAttribute range) in OptionRanges.Of(type))
            {
                foreach ((object value, double number) in Extremes(property.PropertyType))
                {
                    object options = Activator.CreateInstance(type)!;
                    property.SetValue(options, value);
                    Exception? error = Try(() => use!(options));
                    string said = $"{Name(type)}.{property.Name} = {value}: {error?.Message ?? "taken"}";
                    bool isNamed = error is ArgumentException && error.Message.Contains(property.Name, StringComparison.Ordinal);
                    if (!range.Contains(number))
                    {
                        Assert.IsTrue(isNamed, said);
                    }
                    else
                    {
                        Assert.IsFalse(isNamed && error!.Message.Contains("it must be", StringComparison.Ordinal), said);
                    }
                }
            }
        }
    }

    [TestMethod]
    [DataRow(0, true)]
    [DataRow(1e30, true)]
    [DataRow(-1, false)]
    [DataRow(double.NaN, false)]
    [DataRow(double.PositiveInfinity, false)]
    public void Without_upper_ends_any_finite_number_above_the_lower_end_will_do(double value, bool isIn) =>
        Assert.AreEqual(isIn, new OptionRangeAttribute(0, 10).Contains(value, upperEnd: false));

    [TestMethod]
    public void A_step_with_more_negatives_than_memory_holds_is_refused_before_it_is_drawn()
    {
        SgmPretrainEstimator.Options options = Pipelines.Options with
        {
            Training = Pipelines.Options.Training with { BatchSize = 1_000_000, NegativesPerPositive = 100_000 },
        };
        KnowledgeGraphStub many = new(4000);
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Ml.Transforms.SgmPretrain(many.Graph, options).Fit(many.Graph.ToDataView()));
        StringAssert.Contains(error.Message, "400,000,000 negatives a step (BatchSize · NegativesPerPositive)");
    }

    [TestMethod]
    public void The_largest_batch_takes_all_rows_in_one_step()
    {
        SgmPretrainEstimator.Options options = Pipelines.Options with
        {
            Training = Pipelines.Options.Training with { BatchSize = 1_000_000, NumberOfEpochs = 2 },
        };
        using SgmTransformer model = Pipelines.Fit(options);
        Assert.HasCount(2, model.TrainingResult!.History.Steps);
    }

    private static void Pretrain(SgmPretrainEstimator.Options options) => Ml.Transforms.SgmPretrain(Pipelines.Graph, options);

    private static void TrainPaths(PathTrainingEstimator.Options options) => Ml.Transforms.TrainPathModel(Pipelines.Graph, options);

    private static void Embed(KgeEstimator.Options options) =>
        Ml.Transforms.EmbedKnowledgeGraph(Pipelines.Graph, KgeModel.ComplEx, options);

    private static void Finetune(GmtFinetuneEstimator.Options options) => Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, options);

    private static string Name(Type type) => type.DeclaringType is { } owner ? $"{owner.Name}.{type.Name}" : type.Name;

    private static string Range((PropertyInfo Property, OptionRangeAttribute Range) pair)
    {
        Type type = pair.Property.PropertyType;
        return type == typeof(TimeSpan) ? $"{pair.Range} seconds" : type.IsGenericType && Nullable.GetUnderlyingType(type) is null
            ? $"each {pair.Range}" : pair.Range.ToString();
    }

    private static string Default(Type type, PropertyInfo property) => property.GetValue(Activator.CreateInstance(type)!) switch
    {
        null => "–",
        TimeSpan duration => $"{duration.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds",
        object value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static IEnumerable<PropertyInfo> Numbers(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(property => property.CanWrite && IsNumeric(property.PropertyType));

    private static bool IsNumeric(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        return (plain.IsPrimitive && plain != typeof(bool) && plain != typeof(char)) || plain == typeof(TimeSpan)
            || typeof(IEnumerable<int>).IsAssignableFrom(plain) || typeof(IEnumerable<double>).IsAssignableFrom(plain);
    }

    private static IEnumerable<(object Value, double Number)> Extremes(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(double))
        {
            // 0x7FF8 is the NaN with a plus sign: it passed a comparison that double.NaN, which has a minus, did not.
            double positiveNaN = BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0000);
            double[] numbers = [double.NaN, positiveNaN, double.PositiveInfinity, double.NegativeInfinity, 1e300, -1e300, int.MaxValue];
            return numbers.Select(number => ((object)number, number));
        }

        int[] whole = [int.MaxValue, int.MinValue, -1];
        return plain == typeof(TimeSpan)
            ? new[] { TimeSpan.MaxValue, TimeSpan.MinValue, TimeSpan.FromMilliseconds(-1) }
                .Select(time => ((object)time, time.TotalSeconds))
            : plain == typeof(int) ? whole.Select(number => ((object)number, (double)number))
            : whole.Select(number => ((object)new[] { number }, (double)number));
    }

    private static Exception? Try(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    /// <summary>A ring of so many triples.</summary>
    private sealed class KnowledgeGraphStub
    {
        public KnowledgeGraphStub(int triples)
        {
            var builder = new Microsoft.ML.Gmt.Graph.KnowledgeGraphBuilder();
            for (int i = 0; i < triples; i++)
            {
                builder.Add($"e{i}", "next", $"e{(i + 1) % triples}");
            }

            Graph = builder.Build();
        }

        public Microsoft.ML.Gmt.Graph.KnowledgeGraph Graph { get; }
    }
}
