// A web service that says whether facts hold: dotnet run --project examples/web -- --model artifacts/demo/facts.zip
// or, with nothing trained, by a graph alone: dotnet run --project examples/web -- --graph examples/data/products.csv
//   GET /facts?head=Sweden&relation=member of&tail=European Southern Observatory
// A name that the graph lacks is the caller's mistake, not a verdict: 422, with what may have been meant.
using Microsoft.ML.Gmt.Extensions;

WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Services.AddGmt(options =>
{
    options.GraphPath = builder.Configuration["graph"];
    options.ModelPath = options.GraphPath is null ? builder.Configuration["model"] ?? "facts.zip" : null;
    options.WatchForChanges = true;
});
WebApplication app = builder.Build();
await app.Services.GetRequiredService<IGmtScorer>().LoadAsync();

app.MapGet("/facts", async (string head, string relation, string tail, IGmtScorer scorer, CancellationToken aborted) =>
{
    FactExplanation why = await scorer.ExplainAsync(new NamedFact(head, relation, tail), cancellationToken: aborted);
    return why.Verdict.IsKnown ? Results.Ok(why) : Results.ValidationProblem(
        why.Verdict.Problems.ToDictionary(problem => problem.Part, problem => new[] { problem.Message }),
        statusCode: StatusCodes.Status422UnprocessableEntity,
        extensions: new Dictionary<string, object?>
        {
            ["suggestions"] = why.Verdict.Problems.ToDictionary(problem => problem.Part, problem => problem.Suggestions),
        });
});

app.Run();
