using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Whether a path leads to what nobody but this process's user and the system's can change, so that code may be loaded from
/// it, and what it says be believed.</summary>
[SupportedOSPlatform("linux")]
internal static partial class PrivatePath
{
    private const int MostLinks = 40;
    private const uint Root = 0, Overflow = 65534;

    private static readonly char[] Separators = ['/'];

    /// <summary>Says who else can change what a path leads to; null where nobody can.</summary>
    /// <param name="path">The path. What of it does not exist yet is passed over: it will be this user's own.</param>
    public static string? Objection(string path)
    {
        string current = "/";
        bool closed = false; // nobody else comes through a folder above
        int links = 0;
        Stack<string> rest = new(Parts(Path.GetFullPath(path)).Reverse());
        while (true)
        {
            if (!TryGetStatus(current, out uint owner, out int mode))
            {
                return null;
            }

            if (!IsTrusted(owner))
            {
                return string.Create(CultureInfo.InvariantCulture, $"'{current}' belongs to another user, {owner}");
            }

            if (IsLink(mode))
            {
                if (++links > MostLinks || new FileInfo(current).LinkTarget is not { } target)
                {
                    return $"'{current}' leads through too many links";
                }

                string whole = Path.GetFullPath(target, Path.GetDirectoryName(current)!);
                foreach (string part in Parts(whole).Reverse())
                {
                    rest.Push(part);
                }

                (current, closed) = ("/", false);
                continue;
            }

            bool sticky = IsFolder(mode) && (mode & 0x200) != 0; // in /tmp everybody may write, and change only what is his own
            if (!closed && !sticky && (mode & 0x12) != 0)
            {
                return $"others may write to '{current}'";
            }

            closed |= IsFolder(mode) && (mode & 0x9) == 0;
            if (!rest.TryPop(out string? next))
            {
                return null;
            }

            current = Path.Combine(current, next);
        }
    }

    /// <summary>Who owns the file or link itself, and its type and permissions.</summary>
    private static unsafe bool TryGetStatus(string path, out uint owner, out int mode)
    {
        // struct statx of <linux/stat.h>, alike on all processors.
        const int Size = 256, OwnerOffset = 20, ModeOffset = 28, WorkingFolder = -100, NotThroughLinks = 0x100;
        const uint TypeModeAndOwner = 0x1 | 0x2 | 0x8;
        byte* status = stackalloc byte[Size];
        bool found = StatX(WorkingFolder, path, NotThroughLinks, TypeModeAndOwner, status) == 0;
        ReadOnlySpan<byte> bytes = new(status, Size);
        owner = BinaryPrimitives.ReadUInt32LittleEndian(bytes[OwnerOffset..]);
        mode = BinaryPrimitives.ReadUInt16LittleEndian(bytes[ModeOffset..]);
        return found;
    }

    private static bool IsLink(int mode) => (mode & 0xF000) == 0xA000;

    private static bool IsFolder(int mode) => (mode & 0xF000) == 0x4000;

    // In a container, owners from outside have the number of an overflow; they rule it anyway.
    private static bool IsTrusted(uint owner) => owner == Root || owner == EffectiveUser() || (owner == Overflow && !IsMapped(Overflow));

    /// <summary>Whether a user of that number exists in this process's user namespace.</summary>
    private static bool IsMapped(uint user)
    {
        try
        {
            foreach (string line in File.ReadLines("/proc/self/uid_map"))
            {
                string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (fields.Length == 3 && long.TryParse(fields[0], CultureInfo.InvariantCulture, out long first)
                    && long.TryParse(fields[2], CultureInfo.InvariantCulture, out long count) && user >= first && user < first + count)
                {
                    return true;
                }
            }

            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private static string[] Parts(string path) => path.Split(Separators, StringSplitOptions.RemoveEmptyEntries);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int StatX(int folder, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
