using System.Globalization;
using Microsoft.ML;

namespace Examples.Demo;

/// <summary>Asks a saved model about three facts. Nothing here knows how it was made.</summary>
internal static class Questions
{
    private static readonly Question[] Three =
    [
        new() { Head = "Q128121", Relation = "P136", Tail = "Q9759", Text = "Is the genre of Mick Jagger blues?" },
        new() { Head = "Q539171", Relation = "P20", Tail = "Q90", Text = "Did Dalida die in Paris?" },
        new() { Head = "Q44086", Relation = "P27", Tail = "Q30", Text = "Was Carl Orff a citizen of the United States of America?" },
    ];

    public static void Ask(string path)
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(path, out _);
        using PredictionEngine<Question, Answer> engine = ml.Model.CreatePredictionEngine<Question, Answer>(model);
        foreach (Question question in Three)
        {
            Answer answer = engine.Predict(question);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {question.Text}  {(answer.PredictedLabel ? "True" : "False")}, probability {answer.Probability:f2}"));
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
    }

    private sealed class Answer
    {
        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }

        public string Explanation { get; set; } = "";
    }
}
