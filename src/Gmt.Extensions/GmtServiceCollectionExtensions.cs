using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.ML;
using Microsoft.ML.Gmt.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers models of Microsoft.ML.Gmt in an application's container.</summary>
public static class GmtServiceCollectionExtensions
{
    private const string Category = "Microsoft.ML.Gmt";

    /// <summary>
    /// Registers <see cref="IGmtScorer"/>, which answers by a model or by a graph alone, with its options, and an <see cref="MLContext"/>
    /// that writes to the application's log unless there is one already.
    /// </summary>
    /// <remarks>
    /// The options are checked when the application starts; each failure names the option, its value and the remedy. They may as well come
    /// from a configuration: <c>services.Configure&lt;GmtOptions>(configuration.GetSection("Gmt"))</c>.
    /// </remarks>
    /// <param name="services">The container.</param>
    /// <param name="configure">Sets the options; null where something else does.</param>
    /// <returns>The container.</returns>
    /// <example>
    /// <code>
    /// var services = new ServiceCollection();
    /// services.AddLogging().AddGmt(options =>
    /// {
    ///     options.ModelPath = "facts.zip";
    ///     options.WatchForChanges = true;
    /// });
    /// IGmtScorer scorer = services.BuildServiceProvider().GetRequiredService&lt;IGmtScorer>();
    /// FactExplanation why = await scorer.ExplainAsync(new NamedFact("Sweden", "member of", "European Southern Observatory"));
    /// </code>
    /// </example>
    public static IServiceCollection AddGmt(this IServiceCollection services, Action<GmtOptions>? configure = null)
    {
        AddOptions(services, Options.Options.DefaultName, configure);
        services.TryAddSingleton<IGmtScorer>(provider => NewScorer(provider, Options.Options.DefaultName));
        return services;
    }

    /// <summary>
    /// Registers one of several scorers, by a name that is also that of its options; it is injected by
    /// <c>[FromKeyedServices("parts")] IGmtScorer</c>.
    /// </summary>
    /// <param name="services">The container.</param>
    /// <param name="name">The name.</param>
    /// <param name="configure">Sets the options; null where something else does.</param>
    /// <returns>The container.</returns>
    /// <example>
    /// <code>
    /// ServiceProvider services = new ServiceCollection().AddLogging()
    ///     .AddGmt("parts", options => options.GraphPath = "products.csv").BuildServiceProvider();
    /// var parts = services.GetRequiredKeyedService&lt;IGmtScorer>("parts");
    /// LinkRanking bronze = await parts.RankAsync(new LinkQuestion(null, "made of", "bronze") { OnlyNew = true });
    /// </code>
    /// </example>
    public static IServiceCollection AddGmt(this IServiceCollection services, string name, Action<GmtOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        AddOptions(services, name, configure);
        services.TryAddKeyedSingleton<IGmtScorer>(name, (provider, _) => NewScorer(provider, name));
        return services;
    }

    /// <summary>
    /// Registers <see cref="PredictionEnginePool{TData, TPrediction}"/>, with the names of Microsoft.Extensions.ML: name its models with
    /// <c>FromFile</c>.
    /// </summary>
    /// <typeparam name="TData">The rows that go in.</typeparam>
    /// <typeparam name="TPrediction">The rows that come out.</typeparam>
    /// <param name="services">The container.</param>
    /// <example>
    /// <code>
    /// var services = new ServiceCollection();
    /// services.AddLogging().AddPredictionEnginePool&lt;Fact, Verdict>().FromFile("facts", "facts.zip", watchForChanges: true);
    /// var pool = services.BuildServiceProvider().GetRequiredService&lt;PredictionEnginePool&lt;Fact, Verdict>>();
    /// Verdict verdict = pool.Predict("facts", new Fact { Head = "Sweden", Relation = "member of", Tail = "United Nations" });
    ///
    /// class Fact
    /// {
    ///     public string Head { get; set; } = "";
    ///     public string Relation { get; set; } = "";
    ///     public string Tail { get; set; } = "";
    /// }
    ///
    /// class Verdict
    /// {
    ///     public bool Known { get; set; }
    ///     public float Probability { get; set; }
    /// }
    /// </code>
    /// </example>
    public static PredictionEnginePoolBuilder<TData, TPrediction> AddPredictionEnginePool<TData, TPrediction>(
        this IServiceCollection services)
        where TData : class
        where TPrediction : class, new()
    {
        ArgumentNullException.ThrowIfNull(services);
        AddContext(services);
        services.AddOptions();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<
            IValidateOptions<PooledModelOptions<TData, TPrediction>>, PooledModelValidator<TData, TPrediction>>());
        services.TryAddSingleton(provider => new PredictionEnginePool<TData, TPrediction>(
            provider.GetRequiredService<MLContext>(),
            provider.GetRequiredService<IOptionsMonitor<PooledModelOptions<TData, TPrediction>>>(), LoggerOf(provider), TimeOf(provider)));
        return new PredictionEnginePoolBuilder<TData, TPrediction>(services);
    }

    private static void AddOptions(IServiceCollection services, string name, Action<GmtOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        AddContext(services);
        OptionsBuilder<GmtOptions> options = services.AddOptions<GmtOptions>(name);
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GmtOptions>, GmtOptionsValidator>());
        options.ValidateOnStart();
    }

    private static void AddContext(IServiceCollection services) =>
        services.TryAddSingleton(provider => new MLContext().LogTo(LoggerOf(provider)));

    private static GmtScorer NewScorer(IServiceProvider provider, string name) => new(
        provider.GetRequiredService<MLContext>(), provider.GetRequiredService<IOptionsMonitor<GmtOptions>>().Get(name),
        LoggerOf(provider), TimeOf(provider));

    private static ILogger LoggerOf(IServiceProvider provider) =>
        provider.GetService<ILoggerFactory>()?.CreateLogger(Category) ?? NullLogger.Instance;

    private static TimeProvider TimeOf(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;
}
