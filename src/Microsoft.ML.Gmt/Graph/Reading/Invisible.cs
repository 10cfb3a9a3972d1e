using System.Globalization;

namespace Microsoft.ML.Gmt.Graph;

/// <summary>Characters that nobody sees: zero width spaces and joiners, marks of direction and byte order, soft hyphens.</summary>
internal static class Invisible
{
    public static bool Is(char letter) => letter > '\u007F' && char.GetUnicodeCategory(letter) == UnicodeCategory.Format;
}
