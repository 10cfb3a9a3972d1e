namespace Microsoft.ML.Gmt.Graph;

/// <summary>Which column of a triple file is which, from a permutation of the letters h, r and t.</summary>
internal readonly record struct TripleColumns(int Head, int Relation, int Tail)
{
    public static TripleColumns Parse(string format)
    {
        string letters = string.Concat(format.Order());
        int At(char role) => format.IndexOf(role, StringComparison.Ordinal);
        return letters == "hrt"
            ? new TripleColumns(At('h'), At('r'), At('t'))
            : throw new ArgumentException(
                $"The triple format '{format}' must be a permutation of 'h', 'r', 't', such as 'htr'.", nameof(format));
    }

    /// <summary>Puts the fields of a line in order.</summary>
    public Triple Arrange(int first, int second, int third) =>
        new(Pick(Head, first, second, third), Pick(Relation, first, second, third), Pick(Tail, first, second, third));

    /// <summary>What stands in a column, for error messages.</summary>
    public string Role(int column) => column == Head ? "head" : column == Tail ? "tail" : "relation";

    private static int Pick(int column, int first, int second, int third) => column == 0 ? first : column == 1 ? second : third;
}
