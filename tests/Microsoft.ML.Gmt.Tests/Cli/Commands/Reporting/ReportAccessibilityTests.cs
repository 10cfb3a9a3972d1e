using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.ML.Gmt.Tests.Extensions;
using Microsoft.Playwright;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary>A report in Debian's Chromium, offline, light and dark: axe-core finds nothing wrong.</summary>
[TestClass]
public sealed class ReportAccessibilityTests
{
    private const string Chromium = "/usr/bin/chromium";

    [TestMethod]
    [DataRow(ColorScheme.Light)]
    [DataRow(ColorScheme.Dark)]
    public async Task A_report_passes_axe(ColorScheme scheme)
    {
        if (!File.Exists(Chromium))
        {
            Assert.Inconclusive($"There is no {Chromium}; on Debian: apt-get install chromium");
        }

        using var folder = new TemporaryFolder();
        ReportFile.Of(folder, EarlierModel.Facts, "--by_relation");
        using IPlaywright playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = ["--no-sandbox"] });
        IBrowserContext context = await browser.NewContextAsync(
            new BrowserNewContextOptions { Offline = true, ColorScheme = scheme, BypassCSP = true });
        IPage page = await context.NewPageAsync();
        List<string> requests = [], complaints = [];
        page.Request += (_, request) => requests.Add(request.Url);
        page.Console += (_, message) => complaints.Add(message.Text);
        string address = new Uri(folder["report.html"]).AbsoluteUri;
        await page.GotoAsync(address);
        CollectionAssert.AreEqual(new[] { address }, requests, "it needs nothing beside itself");
        Assert.IsEmpty(complaints);

        AxeResult result = await page.RunAxe();
        Assert.IsEmpty(result.Violations, string.Join('\n', result.Violations.Select(rule =>
            $"{rule.Id}: {rule.Help}; {string.Join("; ", rule.Nodes.Take(3).Select(node => node.Html))}")));
        Assert.IsGreaterThan(15, result.Passes.Length, "rules that had something to look at");
        Assert.AreEqual(scheme == ColorScheme.Light, await page.Locator("svg.light").First.IsVisibleAsync());
        Assert.AreEqual(scheme == ColorScheme.Dark, await page.Locator("svg.dark").First.IsVisibleAsync());

        // On paper it is light whatever the screen is, without the links that lead nowhere there.
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        Assert.IsTrue(await page.Locator("svg.light").First.IsVisibleAsync());
        Assert.IsFalse(await page.Locator("nav").IsVisibleAsync());
        Assert.AreEqual(
            "rgb(255, 255, 255)", await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));
    }
}
