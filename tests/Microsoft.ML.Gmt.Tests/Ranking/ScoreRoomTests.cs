using System.Buffers;
using Microsoft.ML.Gmt.Ranking;

namespace Microsoft.ML.Gmt.Tests.Ranking;

[TestClass]
public sealed class ScoreRoomTests
{
    [TestMethod]
    public unsafe void It_begins_where_a_tensor_may_begin()
    {
        foreach (int count in new[] { 0, 1, 15, 1_000, 100_000, 3_000_000 })
        {
            using var room = new ScoreRoom(count);
            using MemoryHandle pinned = room.Memory.Pin();
            Assert.AreEqual(count, room.Memory.Length);
            Assert.AreEqual(0, (nint)pinned.Pointer % 64);
            room.Memory.Span.Fill(1);
        }
    }
}
