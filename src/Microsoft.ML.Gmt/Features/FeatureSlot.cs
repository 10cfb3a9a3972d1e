namespace Microsoft.ML.Gmt.Features;

/// <summary>A slot of a feature vector.</summary>
/// <param name="Name">Its name, which the schema has as slot name.</param>
/// <param name="Meaning">What it holds, in a sentence.</param>
internal sealed record FeatureSlot(string Name, string Meaning)
{
    /// <summary>The slots of the head's side and of the tail's, by what each begins with.</summary>
    public static IEnumerable<FeatureSlot> OfBothSides(params FeatureSlot[] slots)
    {
        return Of("Head").Concat(Of("Tail"));

        IEnumerable<FeatureSlot> Of(string side) => slots.Select(slot => slot with { Name = $"{side}.{slot.Name}" });
    }
}
