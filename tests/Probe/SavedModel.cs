using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt.Probe;

/// <summary>Uses a saved model as an application does that knows nothing of the library: by ML.NET alone.</summary>
internal static class SavedModel
{
    /// <summary>
    /// Prints whether the library was there before, then the bits of score and embeddings (where there are any) of each row; again from a
    /// prediction engine for the first.
    /// </summary>
    /// <param name="model">A model that <c>ml.Model.Save</c> wrote.</param>
    /// <param name="data">Head, relation and tail, separated by tabs.</param>
    public static void Transform(string model, string data)
    {
        Console.WriteLine(
            $"library loaded: {AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == "Microsoft.ML.Gmt")}");
        var ml = new MLContext();
        ITransformer transformer = ml.Model.Load(model, out _);
        IDataView rows = ml.Data.LoadFromTextFile<Row>(data);
        IEnumerable<Output> outputs = ml.Data.CreateEnumerable<Output>(
            transformer.Transform(rows), reuseRowObject: false, ignoreMissingColumns: true);
        foreach (Output output in outputs)
        {
            Console.WriteLine(Describe(output));
        }

        PredictionEngine<Row, Output> engine = ml.Model.CreatePredictionEngine<Row, Output>(transformer, ignoreMissingColumns: true);
        Console.WriteLine(Describe(engine.Predict(ml.Data.CreateEnumerable<Row>(rows, reuseRowObject: false).First())));
    }

    private static string Describe(Output output) => string.Join(' ', output.HeadEmbedding.Concat(output.TailEmbedding).Prepend(output.Score).Select(value => $"{BitConverter.SingleToInt32Bits(value):x8}"));

    private sealed class Row
    {
        [LoadColumn(0)]
        public string Head { get; set; } = "";

        [LoadColumn(1)]
        public string Relation { get; set; } = "";

        [LoadColumn(2)]
        public string Tail { get; set; } = "";
    }

    private sealed class Output
    {
        public float Score { get; set; }

        public float[] HeadEmbedding { get; set; } = [];

        public float[] TailEmbedding { get; set; } = [];
    }
}
