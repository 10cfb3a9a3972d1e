using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt;

/// <summary>Questions about triples with words of their own, as rows of a data view.</summary>
internal static class InstructionRows
{
    /// <summary>
    /// Columns <c>Head</c>, <c>Relation</c>, <c>Tail</c>, <c>Instruction</c>, <c>Input</c> and <c>Response</c>, all text.
    /// </summary>
    /// <param name="ml">The context.</param>
    /// <param name="examples">The questions; asked for anew by every cursor.</param>
    /// <param name="graph">The graph whose ids they have.</param>
    public static IDataView Of(MLContext ml, IEnumerable<InstructionExample> examples, KnowledgeGraph graph) =>
        ml.Data.LoadFromEnumerable(examples.Select(example => new Row
        {
            Head = graph.Entities[example.Triple.Head],
            Relation = graph.Relations[example.Triple.Relation],
            Tail = graph.Entities[example.Triple.Tail],
            Instruction = example.Instruction,
            Input = example.Input,
            Response = example.Output,
        }));

    private sealed class Row
    {
        public string Head { get; set; } = "";

        public string Relation { get; set; } = "";

        public string Tail { get; set; } = "";

        public string Instruction { get; set; } = "";

        public string Input { get; set; } = "";

        public string Response { get; set; } = "";
    }
}
