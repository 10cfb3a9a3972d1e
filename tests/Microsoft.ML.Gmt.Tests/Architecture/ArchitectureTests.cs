using System.Text.RegularExpressions;

namespace Microsoft.ML.Gmt.Tests.Architecture;

[TestClass]
public sealed partial class ArchitectureTests
{
    private const string Library = "Microsoft.ML.Gmt", CommandLine = "Gmt.Cli";

    [TestMethod]
    [DataRow(Library)]
    [DataRow(CommandLine)]
    public void Folders_use_only_what_they_may(string project)
    {
        FolderRules rules = FolderRules.Of(project);
        IReadOnlyCollection<TypeUse> uses = Read(project).Uses;
        Assert.IsTrue(
            uses.Any(use => rules.FolderOf(use.User.Namespace) != rules.FolderOf(use.Used.Namespace)), "Uses that are there are seen.");
        string[] violations =
        [
            .. uses.Where(use => !rules.Permits(use)).Select(use => use.ToString()).Order(StringComparer.Ordinal),
        ];
        Assert.IsEmpty(violations, $"Not allowed by {nameof(FolderRules)}:\n{string.Join("\n", violations)}");
    }

    [TestMethod]
    [DataRow(Library)]
    [DataRow(CommandLine)]
    public void Every_namespace_is_that_of_a_known_folder(string project)
    {
        FolderRules rules = FolderRules.Of(project);
        string[] strangers =
        [
            .. Read(project).Types.Where(type => type.Namespace.Length > 0
                && !type.Namespace.StartsWith("System.", StringComparison.Ordinal) // what the compiler and its generators add
                && type.Namespace != "Microsoft.CodeAnalysis"
                && (rules.FolderOf(type.Namespace) is not { } folder || !rules.Allowed.ContainsKey(folder))).Select(type => type.FullName),
        ];
        Assert.IsEmpty(strangers, $"In no folder of {nameof(FolderRules)}: {string.Join(", ", strangers)}");
    }

    [TestMethod]
    [DataRow(Library)]
    [DataRow(CommandLine)]
    public void Every_file_declares_the_namespace_of_its_folder(string project)
    {
        string source = Path.Combine(Goldens.RepositoryRoot, "src", project);
        FolderRules rules = FolderRules.Of(project);
        List<string> wrong = [];
        foreach (string file in Directory.EnumerateFiles(source, "*.cs", SearchOption.AllDirectories))
        {
            string folder = Path.GetDirectoryName(Path.GetRelativePath(source, file))!.Replace(Path.DirectorySeparatorChar, '/');
            string declared = Namespace().Match(File.ReadAllText(file)).Groups[1].Value;
            if (folder.Split('/')[0] is not ("bin" or "obj" or "" or "Properties")
                && !rules.NamespacesOf(folder).Contains(declared))
            {
                wrong.Add($"{folder}/{Path.GetFileName(file)}: {declared}");
            }
        }

        Assert.IsEmpty(wrong, string.Join("\n", wrong));
    }

    [TestMethod]
    [DataRow("class User : Llm.Used { }", DisplayName = "base type")]
    [DataRow("class User : Llm.IUsed { }", DisplayName = "interface")]
    [DataRow("class User { Llm.Used field; }", DisplayName = "field")]
    [DataRow("class User { System.Collections.Generic.List<Llm.Used[]> field; }", DisplayName = "type argument")]
    [DataRow("class User { void M(ref Llm.Used used) { } }", DisplayName = "parameter")]
    [DataRow("class User { Llm.Used P => null; }", DisplayName = "property")]
    [DataRow("class User { object M() => new Llm.Used(); }", DisplayName = "body: new")]
    [DataRow("class User { void M() => Llm.Used.Do(); }", DisplayName = "body: call")]
    [DataRow("class User { int M() => Llm.Generic<int>.Value; }", DisplayName = "body: generic type")]
    [DataRow("class User { object M() => System.Array.Empty<Llm.Used>(); }", DisplayName = "body: method's type argument")]
    [DataRow("class User { object M() => typeof(Llm.Used); }", DisplayName = "body: typeof")]
    [DataRow("class User { bool M(object x) => x is Llm.Used; }", DisplayName = "body: cast")]
    [DataRow("class User { System.Func<object> M() => () => new Llm.Used(); }", DisplayName = "lambda")]
    [DataRow(
        "class User { System.Collections.Generic.IEnumerable<object> M() { yield return new Llm.Used(); } }", DisplayName = "iterator")]
    [DataRow("class User { void M() { try { System.GC.Collect(); } catch (Llm.UsedException) { } } }", DisplayName = "catch")]
    [DataRow("class User<T> where T : Llm.Used { }", DisplayName = "constraint")]
    [DataRow("class User { class Nested { Llm.Used field; } }", DisplayName = "nested type")]
    [DataRow("[Llm.Used] class User { }", DisplayName = "attribute")]
    [DataRow(
        "class User { [System.ComponentModel.TypeConverter(typeof(Llm.Used))] int P { get; set; } }", DisplayName = "attribute's argument")]
    public void Any_way_of_using_a_type_is_seen(string user)
    {
        const string Used = """
            namespace Microsoft.ML.Gmt.Llm
            {
                public class Used : System.Attribute { public static void Do() { } }
                public interface IUsed { }
                public class UsedException : System.Exception { }
                public static class Generic<T> { public static int Value; }
            }
            """;
        using MemoryStream assembly = SampleAssembly.Compile($"namespace Microsoft.ML.Gmt.Graph {{ {user} }}\n{Used}");
        TypeUse[] forbidden = [.. AssemblyUses.Read(assembly).Uses.Where(use => !FolderRules.Library.Permits(use))];
        Assert.IsNotEmpty(forbidden);
        Assert.IsTrue(forbidden.All(use => use.User.Name.StartsWith("User", StringComparison.Ordinal)));
        Assert.IsTrue(forbidden.All(use => use.Used.Namespace == "Microsoft.ML.Gmt.Llm"));
    }

    [TestMethod]
    public void The_graph_side_and_the_language_side_never_meet_below_memory()
    {
        string[] graphSide = ["Graph", "Sgm", "Kge", "Paths", "Features"], languageSide = ["Text", "Llm"];
        Assert.IsFalse(graphSide.Any(folder => FolderRules.Library.Allowed[folder].Intersect(languageSide).Any()));
        Assert.IsFalse(languageSide.Any(folder => FolderRules.Library.Allowed[folder].Intersect(graphSide).Any()));
    }

    private static (IReadOnlyCollection<TypeUse> Uses, IReadOnlyCollection<TypeName> Types) Read(string project)
    {
        Type type = project == Library ? typeof(Gmt.Runtime.TorchRuntime) : typeof(Gmt.Cli.CommandLine.CommandFailure);
        using FileStream assembly = File.OpenRead(type.Assembly.Location);
        return AssemblyUses.Read(assembly);
    }

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
