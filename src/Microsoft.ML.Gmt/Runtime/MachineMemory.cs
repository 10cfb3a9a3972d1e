using System.Globalization;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>How much memory this process can have at most: the machine's, or what its container is allowed.</summary>
internal static class MachineMemory
{
    private const string ContainerLimit = "/sys/fs/cgroup/memory.max", Machine = "/proc/meminfo";

    /// <summary>Bytes.</summary>
    public static long Total()
    {
        // The garbage collector's own figure is only a part of a container's memory, and libtorch's tensors are not on its heap.
        long machine = ReadNumber(Machine, line => line.StartsWith("MemTotal:", StringComparison.Ordinal)) is { } kilobytes
            ? kilobytes << 10
            : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return Math.Min(machine, ReadNumber(ContainerLimit, _ => true) ?? long.MaxValue);
    }

    private static long? ReadNumber(string file, Func<string, bool> isMeant)
    {
        try
        {
            string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(isMeant) : null;
            string digits = string.Concat((line ?? "").Where(char.IsAsciiDigit));
            return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
