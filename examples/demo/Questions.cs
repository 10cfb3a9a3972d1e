using System.Globalization;
using Microsoft.ML;

namespace Examples.Demo;

/// <summary>Asks a saved model about three test facts. Nothing here knows how it was made.</summary>
internal static class Questions
{
    private static readonly Question[] Three =
    [
        new()
        {
            Head = "Q34",
            Relation = "P463",
            Tail = "Q151991",
            Text = "Is Sweden a member of the European Southern Observatory?",
            Label = true,
        },
        new() { Head = "Q154145", Relation = "P27", Tail = "Q29", Text = "Was Gabriel Marcel a citizen of Spain?", Label = false },
        new() { Head = "Q5752", Relation = "P106", Tail = "Q4263842", Text = "Was Peter Kropotkin a literary critic?", Label = false },
    ];

    public static void Ask(string path)
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(path, out _);
        using PredictionEngine<Question, Answer> engine = ml.Model.CreatePredictionEngine<Question, Answer>(model);
        foreach (Question question in Three)
        {
            Answer answer = engine.Predict(question);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {question.Text} {answer.PredictedLabel}, with probability {answer.Probability:f2} of being true. (The data say {question.Label}.)"));
            foreach (string edge in answer.Explanation.Split("; ", StringSplitOptions.RemoveEmptyEntries))
            {
                Console.WriteLine($"      read: {edge}");
            }

            Console.WriteLine();
        }
    }

    private sealed class Question
    {
        public string Head { get; set; } = "";

        public string Relation { get; set; } = "";

        public string Tail { get; set; } = "";

        public string Text { get; set; } = "";

        public bool Label { get; set; }
    }

    private sealed class Answer
    {
        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }

        public string Explanation { get; set; } = "";
    }
}
