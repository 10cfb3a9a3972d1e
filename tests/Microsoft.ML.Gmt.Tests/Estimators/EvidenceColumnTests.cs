using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class EvidenceColumnTests
{
    [TestMethod]
    public void Evidence_is_read_from_its_column_and_other_columns_are_refused()
    {
        using SgmTransformer model = Pipelines.Fit(Pipelines.Options with { Outputs = new SgmOutputColumnNames { Evidence = "Facts" } });
        IDataView view = model.Transform(Pipelines.Graph.ToDataView(GraphSplit.Test));
        SchemaShape shape = MlNetInternals.Shape(view.Schema);
        TripleColumnNames names = new(), others = new() { Head = "a", Relation = "b", Tail = "c" };
        EvidenceColumn.Check(shape, "Facts", others);
        EvidenceColumn.Check(shape, "Evidence", names); // the names tell
        DataViewSchema.Column column = EvidenceColumn.Find(view.Schema, "Facts");
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        Func<GraphEvidence> read = EvidenceColumn.NewReader(cursor, column);
        foreach (Triple triple in Pipelines.Graph.Triples(GraphSplit.Test))
        {
            Assert.IsTrue(cursor.MoveNext());
            Assert.AreEqual(triple, read().Triple);
        }

        const string Missing = "Could not find evidence column 'Evidence'",
        Mistyped = "Schema mismatch for evidence column 'Head': expected GraphEvidence, got String";
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EvidenceColumn.Find(view.Schema, "Evidence")).Message, Missing);
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EvidenceColumn.Check(shape, "Evidence", others)).Message, Missing);
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EvidenceColumn.Find(view.Schema, "Head")).Message, Mistyped);
        StringAssert.StartsWith(
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => EvidenceColumn.Check(shape, "Head", names)).Message, Mistyped);
    }
}
