using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Compatibility;

[TestClass]
public sealed class PythonArgumentsTests
{
    [TestMethod]
    public void A_file_that_is_not_there_says_nothing()
    {
        PythonArguments arguments = PythonArguments.Read("nowhere.json");
        Assert.IsFalse(arguments.Contains("a"));
        Assert.AreEqual(("x", true), (arguments.Get("a", "x"), arguments.Get("a", true)));
        Assert.AreEqual((0.5, 7), (arguments.Get("a", 0.5), arguments.Get("a", 7)));
        Assert.AreEqual("nowhere.json", arguments.Path);
    }

    [TestMethod]
    public void What_the_file_says_counts()
    {
        PythonArguments arguments = Read("""{"text": "b", "flag": false, "real": 2, "whole": 3}""");
        Assert.AreEqual(("b", false), (arguments.Get("text", "x"), arguments.Get("flag", true)));
        Assert.AreEqual((2.0, 3), (arguments.Get("real", 0.5), arguments.Get("whole", 7)));
        Assert.AreEqual(7, arguments.Get("other", 7));
    }

    [TestMethod]
    [DataRow("""{"whole": 1, "whole": 3}""", "$.whole: the name occurs twice")]
    [DataRow("""{"a\ud800": 1}""", "a name is not valid text")]
    [DataRow("""[1]""", "expected an object")]
    public void Names_that_stand_twice_or_are_no_text_are_refused(string json, string problem) =>
        StringAssert.Contains(Assert.ThrowsExactly<GmtFileException>(() => Read(json)).Message, problem);

    [TestMethod]
    public void Half_a_surrogate_pair_is_refused_where_it_is_asked_for() => StringAssert.Contains(
        Assert.ThrowsExactly<GmtFileException>(() => Read("""{"a": "\udfff"}""").Get("a", "")).Message, "a.json, $.a: not a valid string");

    [TestMethod]
    [DataRow("null", "found null")]
    [DataRow("2.0", "found 2.0")]
    [DataRow("\"2\"", "found \"2\"")]
    [DataRow("true", "found true")]
    public void What_is_no_whole_number_is_refused_null_among_it(string json, string found)
    {
        PythonArguments arguments = Read($$"""{"a": {{json}}}""");
        Assert.IsTrue(arguments.Contains("a"));
        StringAssert.EndsWith(
            Assert.ThrowsExactly<GmtFileException>(() => arguments.Get("a", 1)).Message, $"a.json, $.a: expected an integer, {found}.");
    }

    private static PythonArguments Read(string json)
    {
        using var folder = new TemporaryFolder();
        return PythonArguments.Read(folder.Write("a.json", json));
    }
}
