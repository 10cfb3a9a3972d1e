using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>Every fault of a graph's files is found, not the first one alone.</summary>
[TestClass]
public sealed class GraphCheckTests
{
    [TestMethod]
    public void All_faults_of_an_OpenKE_folder_are_found_in_order_and_the_rest_is_read()
    {
        using var folder = new TemporaryFolder();
        folder.With("entity2id.txt", "4\na 0\nb 1\na 2\nc 7\n")
            .With("relation2id.txt", "1\nr 0\n")
            .With("train2id.txt", "5\n0 1 0\n0 9 0\n0 1\nx 1 0\n2 3 0\n")
            .With("valid2id.txt", "1\n0 1 0\n0 1 0\n")
            .With("entity2text.txt", "a\tthe a\nnobody\tx\na\tagain\n");
        GraphCheck check = GraphCheck.Read(folder.Path);
        string[] places = [.. check.Faults.Select(fault => $"{Path.GetFileName(fault.FilePath)}:{fault.Line}:{fault.Column}")];
        CollectionAssert.AreEqual(
            new[]
            {
                "entity2id.txt:4:1", "entity2id.txt:5:3", "train2id.txt:3:3", "train2id.txt:4:0", "train2id.txt:5:1", "valid2id.txt:1:1",
                "entity2text.txt:2:1",
                "entity2text.txt:3:1",
            },
            places);
        Assert.AreEqual(8, check.FaultCount);
        StringAssert.Contains($"{check}", "; 8 faults, ");
        Assert.AreEqual(4, check.Graph!.Entities.Count);
        CollectionAssert.AreEqual(new[] { "a", "b", "#2", "#3" }, check.Graph.Entities.Names.ToArray());
        CollectionAssert.AreEqual(new Triple[] { new(0, 0, 1), new(2, 0, 3) }, check.Graph.Triples(GraphSplit.Train).ToArray());
        Assert.AreEqual("the a", check.Graph.EntityText(0));

        // Strict reading stops at the first of them.
        Assert.AreEqual(
            check.Faults[0].Message,
            Assert.ThrowsExactly<GraphFormatException>(() => KnowledgeGraphReader.ReadOpenKe(folder.Path)).Message);
    }

    [TestMethod]
    public void A_count_line_that_is_none_is_one_fault()
    {
        using var folder = new TemporaryFolder();
        folder.With("entity2id.txt", "a 0\nb 1\nc 0\n").With("relation2id.txt", "one\nr 0\n").With("train2id.txt", "1\n1 1 0\n");
        GraphCheck check = GraphCheck.Read(folder.Path);
        CollectionAssert.AreEqual(
            new[] { "entity2id.txt", "relation2id.txt" }, check.Faults.Select(fault => Path.GetFileName(fault.FilePath)).ToArray());
        CollectionAssert.AreEqual(new[] { "c", "b" }, check.Graph!.Entities.Names.ToArray());
        Assert.AreEqual(1, check.Graph.Triples(GraphSplit.Train).Length);
    }

    [TestMethod]
    public void Names_that_are_not_UTF_8_are_a_fault_in_each_line_and_become_no_entities()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["train.tsv"], [.. "a\tr\tb\n"u8, 0x80, .. "\tr\tb\n"u8, 0xFF, .. "\tr\tb\n"u8, 0x80, .. "\tr\ta\n"u8]);
        GraphCheck check = GraphCheck.Read(folder.Path);
        CollectionAssert.AreEqual(new long[] { 2, 3, 4 }, check.Faults.Select(fault => fault.Line).ToArray());
        CollectionAssert.AreEqual(new[] { "a", "b" }, check.Graph!.Entities.Names.ToArray());
        Assert.AreEqual(1, check.Graph.Triples(GraphSplit.Train).Length);
    }

    [TestMethod]
    public void A_name_may_be_spelled_like_the_substitute_of_one_that_is_wrong()
    {
        using var folder = new TemporaryFolder();
        folder.With("entity_ids.del", "0\t#1 of line 2\nwrong\n2\tc\n").With("relation_ids.del", "0\tr\n")
            .With("train.del", "0\t0\t2\n1\t0\t0\n");
        GraphCheck check = GraphCheck.Read(folder.Path);
        Assert.AreEqual(1, check.FaultCount);
        Assert.AreEqual(3, check.Graph!.Entities.Count);
        Assert.AreEqual(2, check.Graph.Triples(GraphSplit.Train).Length);
    }

    [TestMethod]
    public void A_count_that_a_small_file_promises_makes_no_millions_of_names()
    {
        using var folder = new TemporaryFolder();
        folder.With("entity2id.txt", "2000000000\na 0\nb 1\n").With("relation2id.txt", "1\nr 0\n").With("train2id.txt", "1\n0 1 0\n");
        GraphCheck check = GraphCheck.Read(folder.Path);
        CollectionAssert.AreEqual(new[] { "entity2id.txt" }, check.Faults.Select(fault => Path.GetFileName(fault.FilePath)).ToArray());
        Assert.IsLessThan(1000, check.Graph!.Entities.Count);
    }

    [TestMethod]
    public void Faults_of_delimited_files_are_found_too()
    {
        using var folder = new TemporaryFolder();
        folder.With("train.tsv", "a\tr\tb\na\tr\n\tr\tb\nb\tr\tc\n");
        GraphCheck check = GraphCheck.Read(folder.Path);
        CollectionAssert.AreEqual(new long[] { 2, 3 }, check.Faults.Select(fault => fault.Line).ToArray());
        Assert.AreEqual(2, check.Graph!.Triples(GraphSplit.Train).Length);
    }

    [TestMethod]
    public void What_leaves_nothing_to_read_is_a_fault_without_a_graph()
    {
        using var folder = new TemporaryFolder();
        folder.With("relation2id.txt", "0\n");
        GraphCheck check = GraphCheck.Read(folder.Path);
        Assert.IsNull(check.Graph);
        StringAssert.Contains(check.Faults.Single().Message, "has no 'entity2id.txt'");
        FileNotFoundException read = Assert.ThrowsExactly<FileNotFoundException>(() => KnowledgeGraphReader.Read(folder.Path));
        Assert.AreEqual(check.Faults.Single().Message, read.Message);
        Assert.ThrowsExactly<FileNotFoundException>(() => GraphCheck.Read(folder["nothing"]));
    }

    [TestMethod]
    public void A_sound_graph_has_no_faults_and_many_faults_are_counted_but_not_all_kept()
    {
        using var folder = new TemporaryFolder();
        folder.With("train.tsv", "a\tr\tb\n");
        GraphCheck sound = GraphCheck.Read(folder.Path);
        Assert.AreEqual(0, sound.FaultCount);
        Assert.AreEqual(1, sound.Graph!.Triples(GraphSplit.Train).Length);
        folder.With("train.tsv", "a\tr\tb\n" + string.Concat(Enumerable.Repeat("x\n", 5000)));
        GraphCheck check = GraphCheck.Read(folder.Path);
        Assert.AreEqual(5000, check.FaultCount);
        Assert.HasCount(1000, check.Faults);
    }
}
