using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
[OSCondition(OperatingSystems.Linux)]
[SupportedOSPlatform("linux")]
public sealed class PrivatePathTests : IDisposable
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Shown = Own | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void What_nobody_else_can_change_is_taken_whether_or_not_it_exists()
    {
        Assert.IsNull(PrivatePath.Objection(_folder["none/yet"]));
        Assert.IsNull(PrivatePath.Objection(_folder.Write("file", "x")));
    }

    [TestMethod]
    [DataRow(UnixFileMode.GroupWrite)]
    [DataRow(UnixFileMode.OtherWrite)]
    public void What_others_may_write_is_not_unless_they_cannot_come_there(UnixFileMode open)
    {
        string outer = Directory.CreateDirectory(_folder["outer"], Shown).FullName;
        string inner = Directory.CreateDirectory(Path.Combine(outer, "inner"), Shown).FullName;
        File.SetUnixFileMode(_folder.Path, Shown);
        File.SetUnixFileMode(inner, Shown | open);
        StringAssert.Contains(PrivatePath.Objection(Path.Combine(inner, "lib.so")), $"others may write to '{inner}'");
        File.SetUnixFileMode(outer, Own);
        Assert.IsNull(PrivatePath.Objection(Path.Combine(inner, "lib.so")));
        File.SetUnixFileMode(outer, Shown);
        File.SetUnixFileMode(inner, Shown);
        File.WriteAllText(Path.Combine(inner, "lib.so"), "x");
        File.SetUnixFileMode(Path.Combine(inner, "lib.so"), Own | open);
        StringAssert.Contains(PrivatePath.Objection(Path.Combine(inner, "lib.so")), "others may write to");
    }

    [TestMethod]
    public void A_link_is_followed_to_where_it_leads()
    {
        string open = Directory.CreateDirectory(_folder["open"]).FullName;
        File.SetUnixFileMode(_folder.Path, Shown);
        File.SetUnixFileMode(open, Shown | UnixFileMode.OtherWrite);
        Directory.CreateSymbolicLink(_folder["link"], "open");
        StringAssert.Contains(PrivatePath.Objection(_folder["link/lib.so"]), $"others may write to '{open}'");
        Directory.CreateSymbolicLink(_folder["round"], "round");
        Assert.IsNotNull(PrivatePath.Objection(_folder["round/lib.so"]));
    }

    [TestMethod]
    public void What_belongs_to_another_user_is_not_taken()
    {
        string theirs = Directory.CreateDirectory(_folder["theirs"], Own).FullName;
        GiveAway(theirs);
        StringAssert.Contains(PrivatePath.Objection(Path.Combine(theirs, "lib.so")), $"'{theirs}' belongs to another user, 12345");
    }

    [TestMethod]
    public void A_cache_of_another_user_is_not_used_and_a_private_copy_takes_its_place()
    {
        string theirs = Directory.CreateDirectory(_folder["cache"], Shown).FullName;
        GiveAway(theirs);
        (int exitCode, _, string error) = ProbeProcess.Run("ensure", ("GMT_CACHE", theirs), ("HOME", theirs), ("XDG_CACHE_HOME", theirs));
        Assert.AreEqual(0, exitCode, error);
        Assert.IsEmpty(Directory.EnumerateFileSystemEntries(theirs));
    }

    private static void GiveAway(string path)
    {
        using var chown = Process.Start("chown", ["12345", path]);
        chown.WaitForExit();
        if (chown.ExitCode != 0)
        {
            Assert.Inconclusive("Only root can give a folder away.");
        }
    }
}
