namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// How a graph was divided by <see cref="KnowledgeGraph.Split"/>: enough to divide the same triples in the same way again.
/// </summary>
/// <param name="ValidationFraction">The share of the distinct triples that validation was to get; 0 for none.</param>
/// <param name="TestFraction">The share that test was to get; 0 for none.</param>
/// <param name="Seed">The seed of the draws.</param>
internal sealed record GraphDivision(double ValidationFraction, double TestFraction, int Seed)
{
    public const double DefaultFraction = 0.1;

    /// <summary>Whether anything is held out at all.</summary>
    public bool HoldsOut => ValidationFraction > 0 || TestFraction > 0;

    /// <summary>Refuses fractions that leave nothing to learn from.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A fraction is below 0, not a number, or both together are 1 or more.</exception>
    public void Check()
    {
        CheckFraction(ValidationFraction, "validationFraction");
        CheckFraction(TestFraction, "testFraction");
        if (ValidationFraction + TestFraction >= 1)
        {
            throw new ArgumentOutOfRangeException(
                "testFraction", TestFraction,
                $"{TestFraction} for test and {ValidationFraction} for validation leave nothing to learn from; together they must "
                + "be below 1.");
        }
    }

    private static void CheckFraction(double fraction, string name)
    {
        if (!(fraction is >= 0 and < 1))
        {
            throw new ArgumentOutOfRangeException(name, fraction, "The fraction must be at least 0 and below 1.");
        }
    }
}
