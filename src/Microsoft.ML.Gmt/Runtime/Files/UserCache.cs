namespace Microsoft.ML.Gmt.Runtime;

/// <summary>The folder that one user's programs keep things in which can be made again.</summary>
internal static class UserCache
{
    /// <summary>The variable that names it.</summary>
    public const string Variable = "GMT_CACHE";

    /// <summary>
    /// Says who else can change what a path in the cache leads to; null where nobody can, or where the system does not tell. What others
    /// can change is neither believed nor loaded.
    /// </summary>
    public static string? Objection(string path) => OperatingSystem.IsLinux() ? PrivatePath.Objection(path) : null;

    // It may be made by whoever writes below it first.
    private static string Home =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    /// <summary>The first of <see cref="Folders"/>; null where there is none. It need not exist.</summary>
    public static string? Folder => Folders().FirstOrDefault();

    /// <summary>The user's choice, then the user's cache as the XDG base directory specification has it.</summary>
    public static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
        {
            yield return Path.GetFullPath(chosen);
        }

        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches && Path.IsPathRooted(caches))
        {
            yield return Path.Combine(caches, "gmt");
        }
        else if (Home is { Length: > 0 } home)
        {
            yield return Path.Combine(home, ".cache", "gmt");
        }
    }
}
