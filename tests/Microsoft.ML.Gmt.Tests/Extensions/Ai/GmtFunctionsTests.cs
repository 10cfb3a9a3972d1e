using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.Gmt.Extensions;

namespace Microsoft.ML.Gmt.Tests.Extensions;

[TestClass]
public sealed class GmtFunctionsTests
{
    private static readonly ServiceProvider Services =
        TestApplication.Build(services => services.AddGmt(options => options.ModelPath = EarlierModel.Facts));

    private static IGmtScorer Scorer => Services.GetRequiredService<IGmtScorer>();

    [ClassCleanup]
    public static void CleanUp() => Services.Dispose();

    [TestMethod]
    public void Their_schemas_describe_every_argument()
    {
        IReadOnlyList<AIFunction> functions = GmtFunctions.Create(Scorer);
        CollectionAssert.AreEqual(new[] { "verdict", "rank", "explain" }, functions.Select(function => function.Name).ToArray());
        string[][] expected =
        [
            ["head", "relation", "tail"], ["relation", "head", "tail", "count", "onlyNew"], ["head", "relation", "tail", "count"],
        ];
        string[][] required = [["head", "relation", "tail"], ["relation"], ["head", "relation", "tail"]];
        for (int i = 0; i < functions.Count; i++)
        {
            Assert.IsGreaterThan(50, functions[i].Description.Length);
            JsonElement schema = functions[i].JsonSchema;
            JsonProperty[] properties = [.. schema.GetProperty("properties").EnumerateObject()];
            CollectionAssert.AreEqual(expected[i], properties.Select(property => property.Name).ToArray());
            Assert.IsTrue(properties.All(property => property.Value.GetProperty("description").GetString()!.Length > 10));
            CollectionAssert.AreEqual(
                required[i], schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()).ToArray());
        }
    }

    [TestMethod]
    public async Task A_verdict_of_JSON_arguments_is_that_of_the_scorer()
    {
        FactVerdict expected = await Scorer.JudgeAsync(new NamedFact("Lena", "lives in", "Łódź"));
        JsonElement answer = await Invoke("verdict", """{ "head": "Lena", "relation": "lives in", "tail": "Łódź" }""");
        Assert.AreEqual(expected.Probability!.Value, answer.GetProperty("probability").GetDouble(), 1e-9);
        Assert.AreEqual(expected.IsTrue, answer.GetProperty("isTrue").GetBoolean());
        Assert.AreEqual("Łódź", answer.GetProperty("fact").GetProperty("tail").GetString());
    }

    [TestMethod]
    public async Task Unknown_names_are_answered_as_data_with_suggestions()
    {
        JsonElement verdict = await Invoke("verdict", """{ "head": "Lenna", "relation": "lives in", "tail": "Łódź" }""");
        Assert.AreEqual(JsonValueKind.Null, verdict.GetProperty("probability").ValueKind, "and not NaN");
        JsonElement problem = verdict.GetProperty("problems")[0];
        Assert.AreEqual("head", problem.GetProperty("part").GetString());
        CollectionAssert.Contains(
            problem.GetProperty("suggestions").EnumerateArray().Select(name => name.GetString()).ToArray(), "Lena");
        JsonElement explanation = await Invoke("explain", """{ "head": "Lenna", "relation": "lives in", "tail": "Łódź" }""");
        Assert.AreEqual(0, explanation.GetProperty("evidence").GetArrayLength());
        JsonElement ranking = await Invoke("rank", """{ "relation": "lives in" }""");
        Assert.AreEqual("head, tail", ranking.GetProperty("problems")[0].GetProperty("part").GetString());
    }

    [TestMethod]
    [DataRow("verdict", """{ "head": null, "relation": "lives in", "tail": "Łódź" }""", "head")]
    [DataRow("explain", """{ "head": "Lena", "relation": "lives in", "tail": null }""", "tail")]
    [DataRow("rank", """{ "head": "Lena", "relation": null, "tail": null }""", "relation")]
    public async Task A_name_that_a_language_model_leaves_null_is_answered_as_unknown(string function, string arguments, string part)
    {
        JsonElement answer = await Invoke(function, arguments);
        JsonElement problem = (function == "explain" ? answer.GetProperty("verdict") : answer).GetProperty("problems")[0];
        Assert.AreEqual(part, problem.GetProperty("part").GetString());
        Assert.AreEqual("", problem.GetProperty("written").GetString());
    }

    [TestMethod]
    public async Task Ranks_and_explanations_keep_to_the_numbers_that_were_asked_for()
    {
        JsonElement ranking = await Invoke("rank", """{ "relation": "speaks", "head": "Lena", "count": 3 }""");
        Assert.AreEqual(3, ranking.GetProperty("answers").GetArrayLength());
        Assert.IsTrue(ranking.GetProperty("answers")[0].TryGetProperty("probability", out _));
        JsonElement most = await Invoke("rank", """{ "relation": "speaks", "tail": "Łódź", "count": 100000 }""");
        Assert.IsLessThanOrEqualTo(100, most.GetProperty("answers").GetArrayLength());
        JsonElement why = await Invoke("explain", """{ "head": "Lena", "relation": "lives in", "tail": "Łódź", "count": 2 }""");
        Assert.AreEqual(2, why.GetProperty("evidence").GetArrayLength());
        Assert.AreEqual("Edge", why.GetProperty("evidence")[0].GetProperty("kind").GetString());
    }

    [TestMethod]
    public async Task A_call_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => Invoke("verdict", """{ "head": "Lena", "relation": "lives in", "tail": "Łódź" }""", cancellation.Token));
    }

    // As a chat client hands on what a language model wrote.
    private static async Task<JsonElement> Invoke(string name, string arguments, CancellationToken cancellationToken = default)
    {
        AIFunction function = GmtFunctions.Create(Scorer).Single(function => function.Name == name);
        Dictionary<string, object?> parsed = JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments)!;
        object? answer = await function.InvokeAsync(new AIFunctionArguments(parsed), cancellationToken);
        return (JsonElement)answer!;
    }
}
