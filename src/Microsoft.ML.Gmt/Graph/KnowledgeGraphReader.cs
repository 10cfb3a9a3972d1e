namespace Microsoft.ML.Gmt.Graph;

/// <summary>Reads knowledge graphs from files.</summary>
public static class KnowledgeGraphReader
{
    /// <summary>Reads a folder in OpenKE's layout: names with ids, triples by ids, each file beginning with its number of lines.</summary>
    /// <remarks>
    /// Needed: <c>entity2id.txt</c>, <c>relation2id.txt</c> and the training triples. Read where they are there: validation and test triples,
    /// <c>valid_neg2id.txt</c> and <c>test_neg2id.txt</c> (triples labelled false), <c>entity2text.txt</c>, <c>relation2text.txt</c>,
    /// <c>entity2definition.txt</c> and <c>relation2definition.txt</c> (name, tab, text). Files are UTF-8; blank lines at their end are allowed.
    /// Everything is checked and nothing is skipped.
    /// </remarks>
    /// <param name="folder">The folder.</param>
    /// <param name="options">Names of files and the order of columns; null for the defaults.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder lacks a file that is needed or was asked for.</exception>
    /// <exception cref="GraphFormatException">A file is malformed; the message names the place and the remedy.</exception>
    public static KnowledgeGraph ReadOpenKe(string folder, OpenKeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Directory.Exists(folder)
            ? new OpenKeFolder(folder, options ?? new OpenKeOptions()).Read()
            : throw new DirectoryNotFoundException($"There is no folder '{folder}'.");
    }
}
