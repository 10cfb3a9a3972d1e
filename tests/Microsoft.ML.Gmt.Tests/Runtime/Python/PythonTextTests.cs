using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class PythonTextTests
{
    [TestMethod]
    [DataRow("7", "7")]
    [DataRow("-0", "0")]
    [DataRow("-0.0", "-0.0")]
    [DataRow("123456789012345678901234567890", "123456789012345678901234567890")]
    [DataRow("1e3", "1000.0")]
    [DataRow("0.0001", "0.0001")]
    [DataRow("0.00001", "1e-05")]
    [DataRow("1.5E-5", "1.5e-05")]
    [DataRow("0.000012345678901234567", "1.2345678901234568e-05")]
    [DataRow("1234567890123456.7", "1234567890123456.8")]
    [DataRow("1e15", "1000000000000000.0")]
    [DataRow("1e16", "1e+16")]
    [DataRow("1e-300", "1e-300")]
    [DataRow("1e999", "inf")]
    [DataRow("-1e999", "-inf")]
    [DataRow("[1.0, null, true, \"it's\", {\"a\": 2.50}]", "[1.0, None, True, \"it's\", {'a': 2.5}]")]
    public void Values_are_written_as_str_writes_what_json_reads(string json, string expected)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.AreEqual(expected, PythonText.Str(document.RootElement));
    }
}
