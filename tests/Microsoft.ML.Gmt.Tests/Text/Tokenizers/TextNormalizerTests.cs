using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Text;

[TestClass]
public sealed class TextNormalizerTests
{
    [TestMethod]
    [DataRow("NFC", "e\u0301\uFFFEe\u0301", "\u00E9\uFFFE\u00E9")]
    [DataRow("NFD", "\u00E9\uFFFE", "e\u0301\uFFFE")]
    [DataRow("NFKC", "\uFFFE\uFB01", "\uFFFEfi")]
    [DataRow("BertNormalizer", "\u00C9\uFFFE\u00C9", "e\uFFFEe")]
    public void A_character_that_dotnet_refuses_to_normalize_stays_where_it_is(string type, string text, string expected)
    {
        using var json = JsonDocument.Parse($$"""{ "type": "{{type}}" }""");
        Assert.AreEqual(expected, TextNormalizer.Read(new JsonPart("", "$", json.RootElement))!.Normalize(text));
    }
}
