using System.Text.Json;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Says what is wrong with JSON in words for those who wrote the file; .NET's own speak of options of its reader.</summary>
internal static class JsonProblem
{
    private const string Value = "a text in quotation marks, a number, true, false, null, a list or an object";

    private const string CutOff = "it ends before its texts, lists and objects do; is the file cut off?";

    /// <summary>
    /// What .NET's messages contain, the first that fits, and what is said in their place; {0} is the character they name.
    /// </summary>
    private static readonly (string Theirs, string Ours)[] Words =
    [
        ("trailing comma", "a comma stands before the end of a list or an object; remove it."),
        ("does not contain any", "it is empty."),
        ("Expected depth to be zero", CutOff),
        ("invalid token type for the end", CutOff),
        ("reached end of data", CutOff),
        ("end of a number", "{0} ends no number; a comma or the end is missing behind it, or the file is cut off."),
        ("maximum configured depth", "lists and objects are nested deeper than is read."),
        ("after a single JSON value", "{0} follows its end; remove what stands there."),
        ("invalid start of a value", "{0} begins no value; expected " + Value + "."),
        ("invalid start of a property name", "{0} begins no name; expected a name in double quotation marks."),
        ("invalid after a value", "{0} follows a value; expected a comma, or the end of the list or object."),
        ("a property name", "{0} follows a name; expected a colon."),
        ("escapable character", "{0} follows a backslash, which stands before \" \\ / b f n r t u alone."),
        ("hex digit", "{0} is no hexadecimal digit; \\u is followed by four."),
        ("within a JSON string", "{0} stands in a text as it is; write line breaks as \\n and tabs as \\t."),
        ("invalid JSON literal", "{0} begins nothing; expected " + Value + "."),
        ("leading zero", "a number begins with a zero that means nothing; leave it out."),
        ("within a number", "{0} stands where a number needs a digit."),
        ("without a matching open", "{0} closes what was never opened."),
        ("omment", "it has a comment, which JSON has not; remove it."),
        ("invalid UTF", "the text is not UTF-8; save it with that encoding."),
    ];

    /// <summary>The sentence for an error; the place is not in it.</summary>
    public static string Of(JsonException error)
    {
        // An error that this library made says it in its own words already.
        if (!error.Message.Contains(" LineNumber:", StringComparison.Ordinal))
        {
            return error.Message;
        }

        string ours = Words.FirstOrDefault(words =>
            error.Message.Contains(words.Theirs, StringComparison.Ordinal)).Ours ?? "the text is no JSON here.";
        return ours.Replace("{0}", Found(error.Message), StringComparison.Ordinal);
    }

    /// <summary>The character that a message begins with, between apostrophes; bytes of an invisible mark by what they are.</summary>
    private static string Found(string message)
    {
        int end = message.StartsWith('\'') ? message.IndexOf("' ", StringComparison.Ordinal) : -1;
        string found = end > 0 ? message[1..end] : "";
        return found switch
        {
            "" => "this",
            "0xEF" or "0xFE" or "0xFF" => "an invisible byte order mark, or text that is not UTF-8,",
            "0x0A" or "0x0D" => "a line break",
            "0x09" => "a tab",
            _ => $"'{found}'",
        };
    }
}
