using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class GmtFileExceptionTests
{
    [TestMethod]
    public void The_message_names_file_place_problem_and_remedy()
    {
        var cause = new InvalidOperationException();
        var error = new GmtFileException("a.json", "$.size", "it is 0.", "Give a size from 1.", cause);
        Assert.AreEqual("a.json, $.size: it is 0. Give a size from 1.", error.Message);
        Assert.AreEqual(("a.json", "$.size", "Give a size from 1."), (error.FilePath, error.Place, error.Remedy));
        Assert.AreSame(cause, error.InnerException);
        Assert.AreEqual("a.json: it is empty.", new GmtFileException("a.json", null, "it is empty.").Message);
    }

    [TestMethod]
    [DataRow(0, 0, null, "a.txt: wrong.")]
    [DataRow(3, 0, "line 3", "a.txt, line 3: wrong.")]
    [DataRow(3, 7, "line 3, column 7", "a.txt, line 3, column 7: wrong.")]
    public void A_place_in_a_graph_file_is_its_line_and_column(long line, long column, string? place, string message)
    {
        GmtFileException error = new GraphFormatException("wrong.", "a.txt", line, column, "x");
        Assert.AreEqual((message, "a.txt", place), (error.Message, error.FilePath, error.Place));
    }

    [TestMethod]
    [DataRow(null, -1, null, "a.pth: wrong.")]
    [DataRow("w", -1, "tensor 'w'", "a.pth, tensor 'w': wrong.")]
    [DataRow(null, 12, "offset 12", "a.pth, offset 12: wrong.")]
    [DataRow("w", 12, "tensor 'w', offset 12", "a.pth, tensor 'w', offset 12: wrong.")]
    public void A_place_in_a_weight_file_is_the_tensor_and_the_offset(string? tensor, int offset, string? place, string message)
    {
        GmtFileException error = new WeightFileException("a.pth", "wrong.", tensor, offset < 0 ? null : offset);
        Assert.AreEqual((message, "a.pth", place), (error.Message, error.FilePath, error.Place));
    }
}
