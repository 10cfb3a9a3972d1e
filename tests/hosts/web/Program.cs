using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.ML.Gmt.Extensions;
using TorchSharp;

// Serves the question, asks it over HTTP as a client would, and ends.
string archive = args[0];
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddGmt(options => options.ModelPath = archive);
WebApplication app = builder.Build();
app.MapGet("/sum", () =>
{
    using torch.Tensor own = torch.ones(2, 2);
    return $"sum {own.sum().item<float>()}";
});
app.MapGet("/ask", async (IGmtScorer scorer) =>
{
    // The scorer of the container and the engine agree, or this is no answer.
    string answer = Asking.Ask(archive);
    FactVerdict verdict = await scorer.JudgeAsync(new NamedFact("E19", "P4", "E6"));
    return answer.StartsWith(FormattableString.Invariant($"{verdict.IsTrue}, {verdict.Probability:f3}, ")) ? answer : $"{verdict}";
});
await app.StartAsync();
string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
using var client = new HttpClient { BaseAddress = new Uri(address) };
Console.WriteLine(await client.GetStringAsync("/sum"));
Console.WriteLine(await client.GetStringAsync("/ask"));
await app.StopAsync();
