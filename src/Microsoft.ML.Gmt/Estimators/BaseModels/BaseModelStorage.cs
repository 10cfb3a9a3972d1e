namespace Microsoft.ML.Gmt;

/// <summary>Whether a saved model holds the pretrained model that it is based on.</summary>
public enum BaseModelStorage
{
    /// <summary>Inside the archive up to 256 MB, else by reference.</summary>
    Automatic,

    /// <summary>Inside the archive, whatever its size.</summary>
    Embedded,

    /// <summary>By reference: the folder's name, sizes and hashes; bound on first use.</summary>
    Referenced,
}
