
namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Lines, fields and numbers as Python's text files, <c>str.split</c> and <c>int</c> see them, for compatible reading.</summary>
internal static class PythonTextFile
{
    /// <summary>Cuts at CR LF, CR and LF; a line end at the end of the text begins no further line.</summary>
    public static IEnumerable<string> Lines(string text)
    {
        int start = 0;
        while (start < text.Length)
        {
            int length = text.AsSpan(start).IndexOfAny('\r', '\n');
            int end = length < 0 ? text.Length : start + length;
            yield return text[start..end];
            start = end + 1;
            start += end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? 1 : 0;
        }
    }

    /// <summary>Cuts at runs of white space.</summary>
    public static List<string> Fields(string line)
    {
        var fields = new List<string>();
        int start = -1;
        for (int i = 0; i <= line.Length; i++)
        {
            bool inField = i < line.Length && !PythonText.IsSpace(line[i]);
            if (inField && start < 0)
            {
                start = i;
            }
            else if (!inField && start >= 0)
            {
                fields.Add(line[start..i]);
                start = -1;
            }
        }

        return fields;
    }
}
