using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class JsonPartTests
{
    [TestMethod]
    public void Values_are_read_by_their_kinds()
    {
        JsonPart root = Read("""{"text": "a", "number": 1.5, "whole": 7, "yes": true, "list": [1, 2], "inner": {"x": null}}""");
        Assert.AreEqual(("a", 1.5, 7, true), (root["text"].Text(), root["number"].Number(), root["whole"].Integer(), root["yes"].Flag()));
        CollectionAssert.AreEqual(new[] { 1, 2 }, root["list"].Items().Select(item => item.Integer(1, 2)).ToArray());
        CollectionAssert.AreEqual(new[] { "x" }, root["inner"].Properties().Select(pair => pair.Key).ToArray());
    }

    [TestMethod]
    public void What_is_missing_and_what_is_null_say_nothing_but_are_told_apart()
    {
        JsonPart root = Read("""{"a": null}""");
        Assert.AreEqual((true, false, true, true), (root["a"].IsNull, root["a"].IsMissing, root["b"].IsNull, root["b"].IsMissing));
        Assert.IsTrue(root["a"]["b"]["c"].IsMissing);
        Assert.AreEqual(
            ((string?)null, (int?)null, (double?)null, true),
            (root["a"].TextOrNull(), root["b"].IntegerOrNull(), root["a"].NumberOrNull(), root["b"].Flag(missing: true)));
        Assert.IsEmpty(root["a"].Items());
        StringAssert.EndsWith(Fault(() => root["a"].Required()).Message, "x.json, $.a: it is null.");
        StringAssert.EndsWith(Fault(() => root["b"].Required()).Message, "x.json, $.b: it is missing.");
    }

    [TestMethod]
    [DataRow("\"many\"", "expected an integer, found \"many\".")]
    [DataRow("1.5", "expected an integer, found 1.5.")]
    [DataRow("3000000000", "expected an integer, found 3000000000.")]
    [DataRow("null", "expected an integer, found null.")]
    [DataRow("[1]", "expected an integer, found an array.")]
    [DataRow("{}", "expected an integer, found an object.")]
    public void A_fault_names_file_place_value_and_what_was_expected(string json, string problem)
    {
        GmtFileException error = Fault(() => Read($$"""{"a": [{{json}}]}""")["a"].Items().Single().Integer());
        Assert.AreEqual("$.a[0]", error.Place);
        StringAssert.EndsWith(error.Message, $"x.json, $.a[0]: {problem}");
        StringAssert.EndsWith(error.FilePath, "x.json");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(11)]
    public void Numbers_beyond_their_bounds_are_refused(int value)
    {
        GmtFileException error = Fault(() => Read($$"""{"a": {{value}}}""")["a"].Integer(1, 10));
        StringAssert.EndsWith(error.Message, $"$.a: expected a number from 1 to 10, found {value}.");
    }

    [TestMethod]
    [DataRow("{\n  \"a\" 1}", "line 2, byte 7")]
    [DataRow(" ", "line 1, byte 2")]
    public void What_is_not_json_is_refused_with_line_and_byte(string text, string place)
    {
        GmtFileException error = Fault(() => Read(text));
        Assert.AreEqual(place, error.Place);
        StringAssert.Contains(error.Message, "not valid JSON");
    }

    [TestMethod]
    public void A_byte_order_mark_is_passed_over_and_an_object_may_be_demanded()
    {
        using var folder = new TemporaryFolder();
        Assert.AreEqual(1, JsonPart.ReadObject(folder.Write("a.json", "\uFEFF{\"a\": 1}"))["a"].Integer());
        StringAssert.EndsWith(
            Fault(() => JsonPart.ReadObject(folder.Write("b.json", "[]"))).Message, "b.json, $: expected an object, found an array.");
    }

    [TestMethod]
    public void What_is_right_but_not_supported_is_another_exception()
    {
        NotSupportedException error = Read("""{"act": "gelu"}""")["act"].Unsupported("gelu", "supported is silu");
        StringAssert.EndsWith(error.Message, "x.json, $.act 'gelu' is not supported; supported is silu.");
    }

    private static JsonPart Read(string text)
    {
        using var folder = new TemporaryFolder();
        return JsonPart.Read(folder.Write("x.json", text));
    }

    private static GmtFileException Fault<T>(Func<T> read) => Assert.ThrowsExactly<GmtFileException>(() => { _ = read(); });
}
