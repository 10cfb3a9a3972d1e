using Microsoft.Extensions.Options;

namespace Microsoft.ML.Gmt.Extensions;

/// <summary>Checks that the file of a pooled model is there.</summary>
internal sealed class PooledModelValidator<TData, TPrediction> : IValidateOptions<PooledModelOptions<TData, TPrediction>>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, PooledModelOptions<TData, TPrediction> options)
    {
        string of = string.IsNullOrEmpty(name) ? "the pooled model" : $"the pooled model '{name}'";
        return options.FilePath is null
                ? ValidateOptionsResult.Fail($"{of} has no file; name one with AddPredictionEnginePool<…>().FromFile(…)")
            : File.Exists(options.FilePath) ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{of}: filePath '{options.FilePath}' does not exist; name an archive that ml.Model.SaveAtomically wrote, relative to "
                + $"'{Environment.CurrentDirectory}' or absolute");
    }
}
