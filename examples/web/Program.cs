// A web service that says whether facts hold: dotnet run --project examples/web -- --model artifacts/demo/facts.zip
// or, with nothing trained, by a graph alone: dotnet run --project examples/web -- --graph examples/data/products.csv
//   GET /facts?head=Sweden&relation=member of&tail=European Southern Observatory
// A name that the graph lacks is the caller's mistake, not a verdict: 422, with what may have been meant.
using Examples.Web;
using Microsoft.ML;
using Microsoft.ML.Gmt.Graph;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
WebApplication app = builder.Build();
var ml = new MLContext();
FactJudge judge = app.Configuration["graph"] is { } file
    ? FactJudge.OfGraph(ml, ml.Data.LoadKnowledgeGraph(file))
    : FactJudge.OfModel(ml, ml.Model.Load(app.Configuration["model"] ?? "facts.zip", out _));
KnowledgeGraph graph = judge.Graph;

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

    return Results.Ok(judge.Answer(new Triple(names["head"].Id, names["relation"].Id, names["tail"].Id), aborted));
});

app.Run();
