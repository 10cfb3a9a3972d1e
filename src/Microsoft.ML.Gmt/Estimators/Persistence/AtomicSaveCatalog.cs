using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML;

/// <summary>Extends ML.NET's catalog of models by a way to save them that no accident can interrupt half-way.</summary>
public static class AtomicSaveCatalog
{
    /// <summary>
    /// Saves a model as <c>ml.Model.Save</c> does, but whole or not at all: an earlier file of that name stays as it was until the new
    /// one is complete and on the disk, whatever happens to the process or the disk meanwhile.
    /// </summary>
    /// <remarks>
    /// The model is written to a temporary file in the same folder, which then takes the name. What a process left there that was killed
    /// while it saved to this name is removed first. ML.NET's own <c>Save</c> to a path empties an earlier file before it writes.
    /// </remarks>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">Any transformer of ML.NET or of this library.</param>
    /// <param name="inputSchema">The schema of the data that the model is for; null for none.</param>
    /// <param name="filePath">The file, usually with the ending <c>.zip</c>; its folder is created where it is missing.</param>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to; an earlier file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    /// <example>
    /// <code>
    /// var ml = new MLContext();
    /// KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("codex-s");
    /// IDataView triples = graph.ToDataView();
    /// using SgmTransformer model = ml.Transforms.SgmPretrain(graph).Fit(triples);
    /// ml.Model.SaveAtomically(model, triples.Schema, "graph.zip");
    /// </code>
    /// </example>
    public static void SaveAtomically(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        AtomicFile.RemoveRemains(filePath);
        AtomicFile.Write(filePath, stream => catalog.Save(model, inputSchema, stream));
    }
}
