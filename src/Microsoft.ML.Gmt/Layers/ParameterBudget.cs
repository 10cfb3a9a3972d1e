using System.Globalization;
using Microsoft.ML.Gmt.Weights;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Layers;

/// <summary>
/// How many numbers may be allocated for parameters that are then filled from a file. Settings come from elsewhere: a module that could
/// not be filled anyway is refused before it takes memory.
/// </summary>
/// <param name="stored">Numbers that the file holds.</param>
/// <param name="source">The file, for messages.</param>
internal sealed class ParameterBudget(long stored, string source)
{
    // A shape that is a little too large is left to the comparison of names and shapes, which names all that differs.
    private const long AlwaysPlausible = 1 << 23;

    private Int128 _left = (2 * (Int128)stored) + AlwaysPlausible;

    /// <summary>The budget of a module that is filled from weights.</summary>
    public static ParameterBudget Of(IReadOnlyDictionary<string, Tensor> weights, string source) =>
        new(weights.Values.Sum(tensor => tensor.numel()), source);

    /// <summary>Counts a parameter that is about to be allocated.</summary>
    /// <exception cref="WeightFileException">It, or all of them, are larger than the file.</exception>
    public void Take(string name, long[] shape)
    {
        _left -= shape.Aggregate((Int128)1, (product, size) => product * size);
        if (_left < 0)
        {
            throw new WeightFileException(
                source,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"the settings ask for [{string.Join(", ", shape)}] here, more than the file can fill: it holds {stored} numbers."),
                name,
                remedy: "Are the settings the ones that it was trained with?");
        }
    }
}
