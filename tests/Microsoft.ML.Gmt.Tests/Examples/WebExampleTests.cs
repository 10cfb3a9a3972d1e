using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Examples;

/// <summary><c>examples/web</c> in a process of its own: verdicts for what the graph knows, 422 for what it does not.</summary>
[TestClass]
public sealed class WebExampleTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    [TestMethod]
    public async Task Known_names_get_a_verdict_and_unknown_ones_422_with_suggestions()
    {
        using var folder = new TemporaryFolder();
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(GmtPipelines.Quick);
        new MLContext().Model.Save(chain, GmtPipelines.Data.Schema, folder["facts.zip"]);
        using Process server = Start("--model", folder["facts.zip"]);
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(await AddressOf(server)), Timeout = Longest };
            (HttpStatusCode status, JsonElement answer) = await Get(client, "person 1", "speaks", "language of Italy");
            Assert.AreEqual(HttpStatusCode.OK, status, $"{answer}");
            var row = new TripleRow { Head = "person 1", Relation = "speaks", Tail = "language of Italy" };
            float expected = chain.Transform(new MLContext().Data.LoadFromEnumerable([row])).GetColumn<float>("Probability").Single();
            JsonElement verdict = answer.GetProperty("verdict");
            Assert.AreEqual(expected, verdict.GetProperty("probability").GetDouble(), 1e-4);
            Assert.AreEqual("language of Italy", verdict.GetProperty("fact").GetProperty("tail").GetString());
            Assert.AreEqual("Edge", answer.GetProperty("evidence")[0].GetProperty("kind").GetString());

            (status, answer) = await Get(client, "persn 1", "speaks", "Latin");
            Assert.AreEqual(HttpStatusCode.UnprocessableEntity, status, $"{answer}");
            StringAssert.Contains(answer.GetProperty("errors").GetProperty("head")[0].GetString(), "the graph has no entity 'persn 1'");
            Assert.AreEqual("person 1", answer.GetProperty("suggestions").GetProperty("head")[0].GetString());
            Assert.AreEqual(0, answer.GetProperty("suggestions").GetProperty("tail").GetArrayLength());
            Assert.IsFalse(answer.GetProperty("errors").TryGetProperty("relation", out _), "it is known");
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    [TestMethod]
    public async Task A_graph_alone_answers_by_paths_and_says_that_no_label_calibrated_it()
    {
        string products = Path.Combine(Goldens.RepositoryRoot, "examples", "data", "products.csv");
        using Process server = Start("--graph", products);
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(await AddressOf(server)), Timeout = Longest };
            (HttpStatusCode status, JsonElement answer) = await Get(client, "Ball valve 3/4\" no. 103", "made of", "bronze");
            Assert.AreEqual(HttpStatusCode.OK, status, $"{answer}");
            KnowledgeGraph graph = new MLContext().Data.LoadKnowledgeGraph(products);
            using PathScoringTransformer model = new MLContext().Transforms.ApplyPathModel(graph).Fit(graph.ToDataView());
            double expected = model.GetJudge().Judge([graph.GetTriple("Ball valve 3/4\" no. 103", "made of", "bronze")])[0].Probability;
            JsonElement verdict = answer.GetProperty("verdict");
            Assert.AreEqual(expected, verdict.GetProperty("probability").GetDouble(), 1e-4);
            Assert.AreEqual("Path", answer.GetProperty("evidence")[0].GetProperty("kind").GetString());
            StringAssert.Contains(verdict.GetProperty("calibration").GetString(), "not calibrated on labels");
            (status, _) = await Get(client, "nothing of the kind", "made of", "bronze");
            Assert.AreEqual(HttpStatusCode.UnprocessableEntity, status);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    private static async Task<(HttpStatusCode Status, JsonElement Answer)> Get(HttpClient client, string head, string relation, string tail)
    {
        string[] names = [.. new[] { head, relation, tail }.Select(Uri.EscapeDataString)];
        string query = $"facts?head={names[0]}&relation={names[1]}&tail={names[2]}";
        using HttpResponseMessage response = await client.GetAsync(new Uri(query, UriKind.Relative));
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    private static Process Start(params string[] arguments)
    {
        string output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string configuration = Path.GetFileName(Path.GetDirectoryName(output)!);
        string program = Path.Combine(Goldens.RepositoryRoot, "examples", "web", "bin", configuration, Path.GetFileName(output), "web.dll");
        return Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        })!;
    }

    private static async Task<string> AddressOf(Process server)
    {
        const string before = "Now listening on: ";
        using var patience = new CancellationTokenSource(Longest);
        while (await server.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.IndexOf(before, StringComparison.Ordinal) is >= 0 and var at)
            {
                // What it prints later must not fill the pipe.
                _ = server.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return line[(at + before.Length)..].Trim();
            }
        }

        throw new AssertFailedException("The service ended before it listened.");
    }
}
