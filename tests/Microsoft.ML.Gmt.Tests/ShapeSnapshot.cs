using System.Globalization;
using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests;

/// <summary>Compares a module's parameters with an approved text file, one line each: name, shape, type.</summary>
/// <remarks>
/// The approved files are in <c>tests/Microsoft.ML.Gmt.Tests/Snapshots</c>. Checkpoints map by these names, so a difference is either a
/// mistake or a deliberate change: look at the difference, then run the test once with <c>GMT_APPROVE=1</c> and commit the file.
/// </remarks>
internal static class ShapeSnapshot
{
    public static void Check(nn.Module module, string name)
    {
        string actual = Describe(module);
        string approved = Path.Combine(ProjectFolder(), "Snapshots", $"{name}.txt");
        if (Environment.GetEnvironmentVariable("GMT_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(approved)!);
            File.WriteAllText(approved, actual);
            return;
        }

        string expected = File.Exists(approved) ? File.ReadAllText(approved).ReplaceLineEndings("\n") : "";
        Assert.AreEqual(expected, actual, $"Parameters differ from Snapshots/{name}.txt; if that is meant, run once with GMT_APPROVE=1.");
    }

    private static string Describe(nn.Module module)
    {
        StringBuilder text = new();
        foreach ((string name, Tensor parameter) in module.named_parameters().Select(pair => (pair.name, (Tensor)pair.parameter))
            .Concat(module.named_buffers().Select(pair => (pair.name, pair.buffer))).OrderBy(pair => pair.name, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{name} [{string.Join(", ", parameter.shape)}] {parameter.dtype}\n");
        }

        return text.ToString();
    }

    /// <summary>The tests' source folder: above the output folder, the one that holds the project file.</summary>
    private static string ProjectFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Microsoft.ML.Gmt.Tests.csproj")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException(
            "The tests' source folder is not above their output folder; the approved snapshots are there.");
    }
}
