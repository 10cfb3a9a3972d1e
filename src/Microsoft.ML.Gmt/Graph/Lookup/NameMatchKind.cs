namespace Microsoft.ML.Gmt.Graph;

/// <summary>By what a name was found, in the order in which it is looked up.</summary>
public enum NameMatchKind
{
    /// <summary>Nothing goes by that name.</summary>
    None,

    /// <summary>By the name that the graph gives it, letter by letter.</summary>
    Name,

    /// <summary>By its label, letter by letter.</summary>
    Label,

    /// <summary>
    /// By its name or label but for Unicode's normal form (NFC, then NFKC), for blanks at the ends or doubled, and for characters of no
    /// width.
    /// </summary>
    NormalForm,

    /// <summary>By its name or label in another case.</summary>
    IgnoringCase,

    /// <summary>Several go by that name in one of these ways, and none in an earlier one.</summary>
    Ambiguous,
}
