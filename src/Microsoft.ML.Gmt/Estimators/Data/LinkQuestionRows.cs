using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt;

/// <summary>Questions for the missing ends of true triples, as rows of a data view.</summary>
internal static class LinkQuestionRows
{
    /// <summary>Two rows for each triple: the question for its tail and the one for its head.</summary>
    public static IDataView Of(KnowledgeGraph graph, GraphSplit split, LinkPrompt prompt) => new MLContext().Data.LoadFromEnumerable(
        Enumerable.Range(0, graph.Triples(split).Length).SelectMany(place => new[] { RankSide.Tail, RankSide.Head }.Select(
            side => Row.Of(graph, prompt.Ask(graph, graph.TripleMemory(split).Span[place], side)))));

    private sealed class Row
    {
        public string Head { get; set; } = "";

        public string Relation { get; set; } = "";

        public string Tail { get; set; } = "";

        public string ReplacedHead { get; set; } = "";

        public string ReplacedTail { get; set; } = "";

        // It leads from an entity to itself, and is nothing to learn as a triple.
        public bool Label { get; set; }

        public string Instruction { get; set; } = "";

        public string Response { get; set; } = "";

        public static Row Of(KnowledgeGraph graph, InstructionExample question)
        {
            (Triple asked, Triple truth) = (question.Triple, question.Hidden!.Value);
            return new Row
            {
                Head = graph.Entities[asked.Head],
                Relation = graph.Relations[asked.Relation],
                Tail = graph.Entities[asked.Tail],
                ReplacedHead = asked.Head == truth.Head ? "" : graph.Entities[truth.Head],
                ReplacedTail = asked.Tail == truth.Tail ? "" : graph.Entities[truth.Tail],
                Instruction = question.Instruction,
                Response = question.Output,
            };
        }
    }
}
