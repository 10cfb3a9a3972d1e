using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// TorchSharp's binding asks for a newer C++ runtime than Debian 12, Ubuntu 22.04 and RHEL 9 have, by one symbol version that it never
/// uses.
/// There, a copy without that requirement is loaded in its place: the dynamic linker then takes it for the binding by its name.
/// </summary>
internal static class PortableBinding
{
    private const string UnusedVersion = "GLIBCXX_3.4.32";

    /// <summary>Loads a copy of the binding that does without the unused version.</summary>
    /// <param name="binding">The binding as TorchSharp's package has it.</param>
    /// <returns>False where the binding has no such requirement: then something else is wrong with it.</returns>
    /// <exception cref="PlatformNotSupportedException">No folder takes a copy that can be loaded.</exception>
    [SupportedOSPlatform("linux")]
    public static bool TryLoad(string binding)
    {
        byte[] image = File.ReadAllBytes(binding);
        string key = ShortHash.Text(SHA256.HashData(image)); // another TorchSharp, another folder
        if (ElfVersionNeeds.MarkWeak(image, UnusedVersion) == 0)
        {
            return false;
        }

        List<string> refused = [];
        foreach (string cache in UserCache.Folders())
        {
            if (TryLoadCopy(Path.Combine(cache, key, Path.GetFileName(binding)), image, refused))
            {
                return true;
            }
        }

        // Where the temporary folder is another user's, the system's own are left.
        string temporaryFolder = Path.TrimEndingDirectorySeparator(Path.GetTempPath());
        string[] temporaries = PrivatePath.Objection(temporaryFolder) is null ? [temporaryFolder] : [temporaryFolder, "/tmp", "/dev/shm"];
        if (temporaries.Any(temporary => TryLoadPrivateCopy(temporary, Path.GetFileName(binding), image, refused)))
        {
            return true;
        }

        throw new PlatformNotSupportedException(
            $"TorchSharp's binding needs {UnusedVersion}, which this system's C++ runtime lacks, and no copy without that need could be used: {string.Join("; ", refused)}. "
            + "Set GMT_CACHE to a folder that can be written and from which libraries may be loaded, or install the C++ runtime of GCC 13.");
    }

    [SupportedOSPlatform("linux")]
    private static bool TryLoadCopy(string copy, byte[] image, List<string> refused)
    {
        string folder = Path.GetDirectoryName(copy)!;
        try
        {
            // Whoever can change the file or a folder above it could put another library there between the comparison and the loading.
            if (IsRefused())
            {
                return false;
            }

            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(image))
            {
                AtomicFile.Write(copy, stream => stream.Write(image)); // two processes write the same bytes: either one's rename is right
                if (IsRefused())
                {
                    return false;
                }
            }

            NativeLibrary.Load(copy);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            refused.Add($"{folder} ({e.Message})");
            return false;
        }

        bool IsRefused()
        {
            string? objection = UserCache.Objection(copy);
            if (objection is not null)
            {
                refused.Add($"{folder} ({objection})");
            }

            return objection is not null;
        }
    }

    /// <summary>
    /// In a folder of this process alone, because whoever may write to a shared one could put another library there; gone once it is
    /// loaded.
    /// </summary>
    [SupportedOSPlatform("linux")]
    private static bool TryLoadPrivateCopy(string temporary, string name, byte[] image, List<string> refused)
    {
        DirectoryInfo folder = new(Path.Combine(temporary, $"gmt-{Guid.NewGuid():N}"));
        try
        {
            Directory.CreateDirectory(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refused.Add($"{temporary} ({e.Message})");
            return false;
        }

        try
        {
            return TryLoadCopy(Path.Combine(folder.FullName, name), image, refused);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
