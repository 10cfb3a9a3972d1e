using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using TorchSharp;

// Serves the question, asks it over HTTP as a client would, and ends.
string archive = args[0];
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
WebApplication app = builder.Build();
app.MapGet("/sum", () =>
{
    using torch.Tensor own = torch.ones(2, 2);
    return $"sum {own.sum().item<float>()}";
});
app.MapGet("/ask", () => Asking.Ask(archive));
await app.StartAsync();
string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
using var client = new HttpClient { BaseAddress = new Uri(address) };
Console.WriteLine(await client.GetStringAsync("/sum"));
Console.WriteLine(await client.GetStringAsync("/ask"));
await app.StopAsync();
