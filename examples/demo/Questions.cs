using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;

namespace Examples.Demo;

/// <summary>
/// Asks a saved model about test facts, and says by which features, edges and paths. Nothing here knows how the model was made.
/// </summary>
internal static class Questions
{
    /// <summary>Facts that stand in no training triple: a true one and two false ones.</summary>
    private static readonly Question[] Fixed =
    [
        new() { Head = "Q34", Relation = "P463", Tail = "Q151991", Label = true },    // Sweden, the European Southern Observatory
        new() { Head = "Q154145", Relation = "P27", Tail = "Q29", Label = false },    // Gabriel Marcel, Spain
        new() { Head = "Q5752", Relation = "P106", Tail = "Q4263842", Label = false },  // Peter Kropotkin, literary critic
    ];

    /// <summary>The arguments that bring a judged fact to another process.</summary>
    public static string Argument(Judged row) => string.Join('|', row.Head, row.Relation, row.Tail, row.Label);

    public static void Ask(string path, IEnumerable<string> more)
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(path, out _);
        KnowledgeGraph graph = ((IEnumerable<ITransformer>)model).OfType<GmtTransformer>().Single().Graph;
        using PredictionEngine<Question, Answer> engine = ml.Model.CreatePredictionEngine<Question, Answer>(model);
        foreach (Question question in Fixed.Concat(more.Select(Parse)))
        {
            Answer answer = engine.Predict(question);
            Triple triple = graph.GetTriple(question.Head, question.Relation, question.Tail);
            string rating = answer.PredictedLabel == question.Label ? "right" : "wrong";
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {graph.TripleText(triple)}: {answer.PredictedLabel}, probability of being true {answer.Probability:f2}; {rating}."));
            foreach (string reason in answer.Explanation.Split("; ", StringSplitOptions.RemoveEmptyEntries))
            {
                Console.WriteLine($"      read: {reason}");
            }

            Console.WriteLine();
        }
    }

    private static Question Parse(string argument)
    {
        string[] parts = argument.Split('|');
        return new Question { Head = parts[0], Relation = parts[1], Tail = parts[2], Label = bool.Parse(parts[3]) };
    }

    private sealed class Question
    {
        public string Head { get; set; } = "";

        public string Relation { get; set; } = "";

        public string Tail { get; set; } = "";

        public bool Label { get; set; }
    }

    private sealed class Answer
    {
        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }

        public string Explanation { get; set; } = "";
    }
}
