using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.ML.Gmt.Tests.Extensions;

/// <summary>A container as an application builds it.</summary>
internal static class TestApplication
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    public static ServiceProvider Build(Action<IServiceCollection> register, AppLog? log = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log ?? new AppLog()));
        register(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    /// <summary>Waits until something is so.</summary>
    public static async Task Until(Func<Task<bool>> isSo, string what)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            Assert.IsLessThan(Longest, Stopwatch.GetElapsedTime(started), what);
            await Task.Delay(10);
        }
    }
}
