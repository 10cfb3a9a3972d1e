namespace Microsoft.ML.Gmt.Graph;

/// <summary>How strictly an OpenKE folder is read.</summary>
public enum OpenKeCompatibility
{
    /// <summary>Everything is checked; whatever is wrong is an error. The default.</summary>
    Strict,

    /// <summary>
    /// As GMT's published Python code reads it: of a name file only the count line must be right; the first line of a triple file is
    /// dropped whatever it holds; lines without exactly three fields are skipped; negative ids count from the end.
    /// <see cref="OpenKeReport"/> says what was passed over.
    /// </summary>
    Reference,
}
