using Microsoft.ML.Gmt.Extensions;

namespace Microsoft.ML.Gmt.Tests.Extensions;

[TestClass]
public sealed class ReloadingFileTests
{
    [TestMethod]
    public async Task Use_after_disposal_names_the_owner()
    {
        using var log = new AppLog();
        var file = new ReloadingFile<MemoryStream>("any", null, _ => new MemoryStream(), log, TimeProvider.System, typeof(AppLog));
        file.Dispose();
        Assert.AreEqual(typeof(AppLog).FullName, Assert.ThrowsExactly<ObjectDisposedException>(file.Take).ObjectName);
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(() => file.LoadAsync(CancellationToken.None));
    }

    [TestMethod]
    public async Task A_loading_that_failed_is_begun_again_by_the_next_call()
    {
        using var log = new AppLog();
        int loads = 0;
        using var file = new ReloadingFile<MemoryStream>(
            "any", null, _ => ++loads == 1 ? throw new FormatException() : new MemoryStream(), log, TimeProvider.System, typeof(AppLog));
        await Assert.ThrowsExactlyAsync<FormatException>(() => file.LoadAsync(CancellationToken.None));
        await file.LoadAsync(CancellationToken.None);
        await file.LoadAsync(CancellationToken.None);
        Assert.AreEqual(2, loads);
    }
}
