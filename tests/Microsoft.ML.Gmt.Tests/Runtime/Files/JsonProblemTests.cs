using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class JsonProblemTests
{
    [TestMethod]
    [DataRow("""[1, 2, ]""", "a comma stands before the end")]
    [DataRow("""{"a": 1,}""", "a comma stands before the end")]
    [DataRow("""{"a": [1, 2""", "cut off")]
    [DataRow("""{"a": "b""", "cut off")]
    [DataRow("""{'a': 1}""", "''' begins no name")]
    [DataRow("""{a: 1}""", "'a' begins no name")]
    [DataRow("""{"a": 'b'}""", "''' begins no value")]
    [DataRow("""{"a" 1}""", "'1' follows a name; expected a colon")]
    [DataRow("""[1 2]""", "'2' follows a value; expected a comma")]
    [DataRow("""{"a": NaN}""", "'N' begins no value")]
    [DataRow("""{"a": nul}""", "begins nothing; expected a text")]
    [DataRow("""{"a": 01}""", "begins with a zero")]
    [DataRow("{\"a\": \"b\nc\"}", "a line break stands in a text")]
    [DataRow("""{"a": "\x"}""", "'x' follows a backslash")]
    [DataRow("""{"a": "\u12G4"}""", "hexadecimal")]
    [DataRow("""[1]]""", "']'")]
    [DataRow("""{"a": 1} {"b": 2}""", "'{'")]
    [DataRow("[1] // one", "'/'")]
    [DataRow("\uFEFF\uFEFF[1]", "byte order mark")]
    public void What_is_wrong_is_said_in_words_of_our_own(string text, string said)
    {
        using var folder = new TemporaryFolder();
        GmtFileException error = Assert.ThrowsExactly<GmtFileException>(() => JsonPart.Read(folder.Write("a.json", text)));
        StringAssert.Contains(error.Message, said);
        foreach (string theirs in new[] { "reader", "LineNumber", "mode", "token", "depth", "the text is no JSON here" })
        {
            Assert.IsFalse(error.Message[error.Message.IndexOf("JSON", StringComparison.Ordinal)..].Contains(theirs,
                StringComparison.Ordinal), error.Message);
        }
    }
}
