using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Extensions;

[TestClass]
public sealed class MLContextLoggingTests
{
    [TestMethod]
    public void A_log_is_told_what_a_training_run_and_its_rows_have_to_say()
    {
        var log = new AppLog();
        using ServiceProvider services =
            TestApplication.Build(services => services.AddGmt(options => options.ModelPath = EarlierModel.Facts), log);
        var ml = services.GetRequiredService<MLContext>();
        IDataView rows = ml.Data.LoadFromEnumerable([new TripleRow { Head = "nobody", Relation = "knows", Tail = "person 1" }]);
        using SgmTransformer model =
            ml.Transforms.SgmPretrain(Pipelines.Graph, Pipelines.Options).Fit(Pipelines.Graph.ToDataView());
        Assert.IsTrue(float.IsNaN(model.Transform(rows).GetColumn<float>("Score").Single()));
        Assert.Contains(
            entry => entry.Level == LogLevel.Information && entry.Text.Contains("epoch 4 of 4", StringComparison.Ordinal), log.Entries);
        Assert.Contains(
            entry => entry.Level == LogLevel.Warning && entry.Text.Contains("no entity 'nobody'", StringComparison.Ordinal), log.Entries);
        Assert.IsTrue(log.Entries.All(entry => entry.Event.Name == "Said"));
    }

    [TestMethod]
    public void A_context_of_the_application_is_left_as_it_is()
    {
        var own = new MLContext(seed: 3);
        using ServiceProvider services = TestApplication.Build(services =>
            services.AddSingleton(own).AddGmt(options => options.ModelPath = EarlierModel.Facts));
        Assert.AreSame(own, services.GetRequiredService<MLContext>());
    }
}
