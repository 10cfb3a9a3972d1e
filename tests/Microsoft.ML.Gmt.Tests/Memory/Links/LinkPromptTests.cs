using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;

namespace Microsoft.ML.Gmt.Tests.Memory;

[TestClass]
public sealed class LinkPromptTests
{
    private static readonly KnowledgeGraph Graph = TinyGmt.People();
    private static readonly Triple Fact = new(Graph.Entities.GetId("ada"), Graph.Relations.GetId("lives in"), Graph.Entities.GetId("bern"));

    [TestMethod]
    public void Each_end_is_asked_for_with_the_evidence_of_the_other()
    {
        InstructionExample tail = LinkPrompt.Default.Ask(Graph, Fact, RankSide.Tail);
        InstructionExample head = LinkPrompt.Default.Ask(Graph, Fact, RankSide.Head);
        Assert.AreEqual("( ada, lives in, ? )\nWhich tail?", tail.Instruction);
        Assert.AreEqual("bern", tail.Output);
        Assert.AreEqual(new TripleQuery(Fact with { Tail = Fact.Head }, Fact), tail.Query);
        Assert.AreEqual("( ?, lives in, bern )\nWhich head?", head.Instruction);
        Assert.AreEqual("ada", head.Output);
        Assert.AreEqual(new TripleQuery(Fact with { Head = Fact.Tail }, Fact), head.Query);
    }

    [TestMethod]
    public void The_evidence_does_not_hold_the_answer()
    {
        using var model = new TinyGmt();
        InstructionExample tail = LinkPrompt.Default.Ask(Graph, Fact, RankSide.Tail);
        IEnumerable<int> edges = model.Model.CollectEvidence([tail.Query], QueryMask.Full).Rows[0].Edges;
        int[] read = [.. edges.Select(edge => Graph.Adjacency.Neighbors[edge])];
        CollectionAssert.DoesNotContain(read, Fact.Tail);
        CollectionAssert.Contains(read, Graph.Entities.GetId("bob"));
    }

    [TestMethod]
    public void A_question_cannot_name_its_answer()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new LinkPrompt { TailInstruction = "{head} {relation} {tail}?" });
        Assert.ThrowsExactly<ArgumentException>(() => new LinkPrompt { HeadInstruction = "{head_name}" });
    }
}
