using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Says, when ML.NET was updated, which of its internals that the library uses have changed.</summary>
[TestClass]
public sealed class MlNetInternalsTests
{
    private static readonly Assembly Library = typeof(SgmTransformer).Assembly;

    [TestMethod]
    public void Every_member_of_ML_NET_that_the_library_was_compiled_with_is_there_when_it_runs()
    {
        using var image = new PEReader(File.OpenRead(Library.Location));
        MetadataReader metadata = image.GetMetadataReader();
        List<string> gone = [];
        int found = 0;
        foreach (int token in metadata.MemberReferences.Select(handle => MetadataTokens.GetToken(handle)).Concat(metadata.TypeReferences.Select(handle => MetadataTokens.GetToken(handle))))
        {
            try
            {
                found += Library.ManifestModule.ResolveMember(token) is { } member && IsOfMlNet(member) ? 1 : 0;
            }
            catch (Exception e) when (e is MissingMemberException or TypeLoadException or BadImageFormatException)
            {
                gone.Add(e.Message);
            }
            catch (ArgumentException)
            {
                // Members of open generic types have no place of their own; those of ML.NET's internals are not generic.
            }
        }

        Assert.IsEmpty(gone, $"ML.NET {typeof(MLContext).Assembly.GetName().Version} has changed these; see Estimators/Interop/MlNetInternals.cs:\n{string.Join('\n', gone)}");
        Assert.IsGreaterThan(50, found, "the test sees what the library uses");
    }

    [TestMethod]
    public void The_list_of_internals_names_what_is_used_and_nothing_more()
    {
        string[] listed = [.. File.ReadLines(Path.Combine(Goldens.RepositoryRoot, "eng", "MlNetInternals.txt")).Where(line => line.Length > 0 && line[0] != '#')];
        using var image = new PEReader(File.OpenRead(Library.Location));
        MetadataReader metadata = image.GetMetadataReader();
        HashSet<string> used = [];
        foreach (TypeReferenceHandle handle in metadata.TypeReferences)
        {
            if (Library.ManifestModule.ResolveType(MetadataTokens.GetToken(handle)) is { } type && IsOfMlNet(type) && (!type.IsVisible || listed.Contains(type.FullName)))
            {
                used.Add(type.FullName!);
            }
        }

        used.UnionWith(used.Select(name => Type.GetType($"{name}, Microsoft.ML.Core")?.BaseType).Where(type => type is { IsVisible: false }).Select(type => type!.FullName!).ToArray());
        CollectionAssert.AreEquivalent(listed, used.ToArray(), $"listed: {string.Join(", ", listed)}\nused: {string.Join(", ", used)}");
    }

    private static bool IsOfMlNet(MemberInfo member) => member.Module.Assembly.GetName().Name is "Microsoft.ML.Core" or "Microsoft.ML.Data";
}
