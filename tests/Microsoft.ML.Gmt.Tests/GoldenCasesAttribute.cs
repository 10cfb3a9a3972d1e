using System.Globalization;
using System.Reflection;

namespace Microsoft.ML.Gmt.Tests;

/// <summary>
/// Runs a test once for each case of a golden folder, with the case's path; where there is none it is skipped or fails, with the reason.
/// </summary>
/// <param name="folder">Such as <c>reference/sgm</c>.</param>
/// <param name="file">The file that makes a folder a case of this test.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoldenCasesAttribute(string folder, string file) : Attribute, ITestDataSource, ITestDataSourceIgnoreCapability
{
    private string? _ignored;

    public string Folder => folder;

    public string File => file;

    /// <summary>Set where there is no case and none is required.</summary>
    public string? IgnoreMessage
    {
        get => _ignored ?? (Goldens.AreRequired || Paths.Count > 0 ? null : Goldens.Reason(What));
        set => _ignored = value;
    }

    private string What => $"{folder}/*/{file}";

    private IReadOnlyList<string> Paths => Goldens.FindCases(folder, path => System.IO.File.Exists(Path.Combine(path, file)));

    public IEnumerable<object?[]> GetData(MethodInfo methodInfo)
    {
        IReadOnlyList<string> paths = Paths;
        return paths.Count > 0 ? paths.Select(path => new object?[] { path }) : throw new AssertFailedException(Goldens.Reason(What));
    }

    public string? GetDisplayName(MethodInfo methodInfo, object?[]? data) =>
        string.Create(CultureInfo.InvariantCulture, $"{methodInfo.Name} ({Path.GetFileName((string?)data?[0])})");
}
