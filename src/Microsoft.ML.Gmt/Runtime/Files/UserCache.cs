namespace Microsoft.ML.Gmt.Runtime;

/// <summary>The folder that one user's programs keep things in which can be made again.</summary>
internal static class UserCache
{
    /// <summary>The variable that names it.</summary>
    public const string Variable = "GMT_CACHE";

    /// <summary>
    /// The user's choice, then the user's cache as the XDG base directory specification has it; null where there is none. It need not
    /// exist.
    /// </summary>
    public static string? Folder
    {
        get
        {
            if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } chosen)
            {
                return Path.GetFullPath(chosen);
            }

            if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } caches && Path.IsPathRooted(caches))
            {
                return Path.Combine(caches, "gmt");
            }

            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return home.Length > 0 ? Path.Combine(home, ".cache", "gmt") : null;
        }
    }
}
