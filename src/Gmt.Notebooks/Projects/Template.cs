using System.Globalization;
using System.Text;

namespace Microsoft.ML.Gmt.Notebooks.Projects;

/// <summary>Files of written projects: texts with places such as <c>@HEAD@</c>, which values take.</summary>
internal static class Template
{
    /// <summary>A template with its places filled, all at once: what a value holds is no place.</summary>
    /// <param name="name">The template's name.</param>
    /// <param name="values">The values, by place.</param>
    public static string Fill(string name, IReadOnlyDictionary<string, string> values)
    {
        using var reader = new StreamReader(typeof(Template).Assembly.GetManifestResourceStream(name)!);
        string[] parts = reader.ReadToEnd().ReplaceLineEndings("\n").Split('@');
        return string.Concat(parts.Select((part, index) => index % 2 == 0 ? part : values[part]));
    }

    /// <summary>A text as a string of C#.</summary>
    /// <param name="text">The text.</param>
    public static string Literal(string text)
    {
        var literal = new StringBuilder("\"");
        foreach (char letter in text)
        {
            if (letter is '"' or '\\')
            {
                literal.Append('\\').Append(letter);
            }
            else if (char.IsControl(letter) || char.IsSurrogate(letter) || letter is '\u2028' or '\u2029')
            {
                literal.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            }
            else
            {
                literal.Append(letter);
            }
        }

        return literal.Append('"').ToString();
    }
}
