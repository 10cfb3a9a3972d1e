using Microsoft.ML.Gmt.Cli.Commands;
using Microsoft.ML.Gmt.Cli.Output;

namespace Microsoft.ML.Gmt.Tests.Cli;

[TestClass]
public sealed class CsvReportsTests
{
    [TestMethod]
    public void Facts_and_rows_are_rows_of_one_table_and_values_with_parts_have_a_column_for_each()
    {
        NamedItem a = new("a", "1", "a, \"first\""), r = new("r", "2", "r"), b = new("b", "3", "b");
        Report report = new Report("one").About("head", a).With("triples", 1200).With("size", new ByteSize(1500)).With("ok", true)
            .With("ids", new[] { 1, 2 })
            .With(new ReportTable("edges read", ["attention", "edge"], [[0.25, new NamedTriple(a, r, b)], [double.NaN, null]]));
        using StringWriter output = new() { NewLine = "\n" };
        CsvReports.Write(output, [report, new Report("other").With("triples", 7)]);
        const string Expected = "report,table,head_name,head_label,triples,size,ok,ids,"
            + "attention,edge,relation_name,relation_label,tail_name,tail_label\n"
            + "one,figures,1,\"a, \"\"first\"\"\",1200,1500,true,1; 2,,,,,,\n"
            + "one,edges read,1,\"a, \"\"first\"\"\",,,,,0.25,\"(a, r, b)\",2,r,3,b\n"
            + "one,edges read,,,,,,,,,,,,\n"
            + "other,figures,,,7,,,,,,,,,\n";
        Assert.AreEqual(Expected, output.ToString());
    }
}
