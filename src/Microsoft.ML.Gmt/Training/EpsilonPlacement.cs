namespace Microsoft.ML.Gmt.Training;

/// <summary>Where Adam adds ε, which matters for parameters with small gradients and in the first steps.</summary>
internal enum EpsilonPlacement
{
    /// <summary>To √v̂, the corrected root, as PyTorch does.</summary>
    AfterCorrection,

    /// <summary>To √v, before it is corrected, as transformers' own AdamW did (<c>optim="adamw_hf"</c>).</summary>
    BeforeCorrection,
}
