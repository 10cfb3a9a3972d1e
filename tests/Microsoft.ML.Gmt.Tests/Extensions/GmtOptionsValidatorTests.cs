using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.ML.Gmt.Extensions;

namespace Microsoft.ML.Gmt.Tests.Extensions;

[TestClass]
public sealed class GmtOptionsValidatorTests
{
    [TestMethod]
    [DataRow("", "", 32, "neither ModelPath nor GraphPath is set; set one of them")]
    [DataRow("facts.zip", "graph", 32, "are set; a model has its graph with it, so leave out one of them")]
    [DataRow("nowhere.zip", "", 32, "ModelPath 'nowhere.zip' does not exist; name an archive")]
    [DataRow("", "nowhere", 32, "GraphPath 'nowhere' does not exist; name a graph's file or folder")]
    [DataRow("facts.zip", "", 0, "MaximumBatchSize is 0; choose a number from 1 to 4,096")]
    public void An_application_does_not_start_with_wrong_options(string model, string graph, int batch, string message)
    {
        using ServiceProvider services = TestApplication.Build(services => services.AddGmt("parts", options =>
        {
            options.ModelPath = model == "facts.zip" ? EarlierModel.Facts : model;
            options.GraphPath = graph == "graph" ? EarlierModel.GraphFolder : graph;
            options.MaximumBatchSize = batch;
        }));
        string said = Assert.ThrowsExactly<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate).Message;
        StringAssert.Contains(said, message);
        StringAssert.Contains(said, "GmtOptions 'parts': ");
    }

    [TestMethod]
    public void All_that_is_wrong_is_said_at_once()
    {
        using ServiceProvider services = TestApplication.Build(services => services.AddGmt(options =>
        {
            options.WatchInterval = TimeSpan.Zero;
            (options.MaximumConcurrentCalls, options.RankCandidates) = (-1, 1_000_000);
        }));
        var failure = Assert.ThrowsExactly<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);
        Assert.HasCount(4, failure.Failures);
        StringAssert.Contains(failure.Message, "WatchInterval is 00:00:00; choose a time from 00:00:00.0100000 to 1.00:00:00");
    }

    [TestMethod]
    public void The_defaults_with_a_model_are_right()
    {
        using ServiceProvider services = TestApplication.Build(
            services => services.AddGmt().Configure<GmtOptions>(options => options.ModelPath = EarlierModel.Facts));
        services.GetRequiredService<IStartupValidator>().Validate();
        Assert.AreSame(services.GetRequiredService<IGmtScorer>(), services.GetRequiredService<IGmtScorer>());
    }
}
