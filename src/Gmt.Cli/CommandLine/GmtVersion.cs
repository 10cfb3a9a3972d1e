using System.Reflection;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>The tool's version.</summary>
internal static class GmtVersion
{
    /// <summary>As <c>--version</c> prints it.</summary>
    public static string Text { get; } =
        typeof(GmtVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
