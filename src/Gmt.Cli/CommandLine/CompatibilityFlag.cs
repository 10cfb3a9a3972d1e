using System.CommandLine;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>
/// <c>--compat</c>: the line is for the command that does and prints exactly what the Python script does. Decided before parsing.
/// </summary>
internal static class CompatibilityFlag
{
    private const string Name = "--compat", Shortest = "--co";

    /// <summary>The option as help pages list it; it never reaches the parser.</summary>
    public static Option<bool> New() => Flag.Switch(Name, "Does and prints exactly what the Python script does, with its options.");

    /// <summary>Takes the flag, or an unambiguous beginning of it, out of what was typed.</summary>
    /// <param name="arguments">What follows the command's name; the flag is gone afterwards.</param>
    /// <returns>Whether it was there.</returns>
    public static bool Take(ref string[] arguments)
    {
        string[] options = [.. arguments.TakeWhile(argument => argument != "--")];
        string[] others = [.. options.Where(argument => !IsFlag(argument)), .. arguments[options.Length..]];
        bool isThere = others.Length < arguments.Length;
        arguments = others;
        return isThere;
    }

    private static bool IsFlag(string argument) =>
        argument.Length >= Shortest.Length && Name.StartsWith(argument, StringComparison.Ordinal);
}
