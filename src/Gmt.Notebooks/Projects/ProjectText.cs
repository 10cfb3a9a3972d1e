using System.Globalization;
using System.Security;

namespace Microsoft.ML.Gmt.Notebooks.Projects;

/// <summary>Texts in project files.</summary>
internal static class ProjectText
{
    private const string Special = "%$@;*?()'";

    /// <summary>
    /// A text as MSBuild reads it from an attribute: without the meaning that some of its characters have, to it and in XML.
    /// </summary>
    /// <param name="text">The text.</param>
    public static string Escape(string text) => SecurityElement.Escape(string.Concat(text.Select(letter =>
        Special.Contains(letter, StringComparison.Ordinal)
            ? string.Create(CultureInfo.InvariantCulture, $"%{(int)letter:X2}") : $"{letter}")));
}
