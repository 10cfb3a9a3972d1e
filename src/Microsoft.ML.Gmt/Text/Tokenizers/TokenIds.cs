using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Text;

/// <summary>Which numbers are taken for token ids.</summary>
internal static class TokenIds
{
    /// <summary>Larger vocabularies do not exist; a hostile id must not make anybody allocate by its value.</summary>
    public const int Largest = (1 << 24) - 1;

    /// <summary>A token id in a JSON file.</summary>
    /// <exception cref="GmtFileException">It is none.</exception>
    public static int TokenId(this JsonPart part) => part.Integer(0, Largest);
}
