// A web service that says whether facts hold: dotnet run --project examples/web -- --model artifacts/demo/facts.zip
//   GET /facts?head=Sweden&relation=member of&tail=European Southern Observatory
// A name that the graph lacks is the caller's mistake, not a verdict: 422, with what may have been meant.
using Microsoft.ML;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
WebApplication app = builder.Build();
var ml = new MLContext();
ITransformer model = ml.Model.Load(app.Configuration["model"] ?? "facts.zip", out _);
ITransformer[] parts = model is IEnumerable<ITransformer> chain ? [.. chain] : [model];   // a pipeline, or stage 2 alone
GmtTransformer facts = parts.OfType<GmtTransformer>().Single();
KnowledgeGraph graph = facts.Graph;
TripleJudge judge = facts.GetJudge();   // any number of requests may use it at once

app.MapGet("/facts", (string head, string relation, string tail, CancellationToken aborted) =>
{
    var names = new Dictionary<string, NameMatch>
    {
        ["head"] = graph.FindEntity(head),
        ["relation"] = graph.FindRelation(relation),
        ["tail"] = graph.FindEntity(tail),
    };
    KeyValuePair<string, NameMatch>[] unknown = [.. names.Where(name => !name.Value.IsFound)];
    if (unknown.Length > 0)
    {
        return Results.ValidationProblem(
            unknown.ToDictionary(name => name.Key, name => new[] { $"{name.Value}" }),
            statusCode: StatusCodes.Status422UnprocessableEntity,
            extensions: new Dictionary<string, object?>
            {
                ["suggestions"] = unknown.ToDictionary(name => name.Key, name => name.Value.Suggestions.Concat(name.Value.Candidates)),
            });
    }

    var fact = new Triple(names["head"].Id, names["relation"].Id, names["tail"].Id);
    Verdict verdict = judge.Judge([fact], aborted)[0];
    return Results.Ok(new
    {
        Fact = graph.TripleText(fact),
        Verdict = verdict.IsTrue,
        verdict.Probability,
        Read = judge.Explain([fact])[0].Select(edge => new { Edge = graph.TripleText(edge.Fact), edge.Weight }),
    });
});

app.Run();
