using System.Reflection;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>The tool's version.</summary>
internal static class GmtVersion
{
    /// <summary>As <c>--version</c> prints it.</summary>
    public static string Text { get; } = Of(typeof(GmtVersion));

    /// <summary>That of the assembly of a type, without the commit that it was built from.</summary>
    public static string Of(Type type) =>
        (type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? $"{type.Assembly.GetName().Version}").Split('+')[0];
}
