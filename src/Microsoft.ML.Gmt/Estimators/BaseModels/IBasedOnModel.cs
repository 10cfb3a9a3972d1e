using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>A transformer that uses a pretrained model as it is, which its archive may but refer to.</summary>
internal interface IBasedOnModel
{
    /// <summary>Which model it is.</summary>
    public BaseModelReference BaseModel { get; }

    /// <summary>Loads that model from a folder, where it is not loaded already.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="GmtFileException">The folder holds another model.</exception>
    public void BindBaseModel(string folder);
}
