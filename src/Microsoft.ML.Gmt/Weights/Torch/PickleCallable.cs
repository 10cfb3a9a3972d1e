namespace Microsoft.ML.Gmt.Weights;

/// <summary>
/// The only names that a checkpoint may refer to. They are never looked up or called: each stands for a few lines of
/// <see cref="Unpickler"/> that build data.
/// </summary>
internal enum PickleCallable
{
    /// <summary><c>collections.OrderedDict</c>.</summary>
    OrderedDictionary,

    /// <summary><c>torch._utils._rebuild_tensor_v2</c>, and <c>_rebuild_tensor</c> of PyTorch 0.3.</summary>
    RebuildTensor,

    /// <summary><c>torch._utils._rebuild_parameter</c>.</summary>
    RebuildParameter,

    /// <summary><c>torch.Size</c>.</summary>
    Size,

    /// <summary><c>_codecs.encode</c>: how protocol 2 spells bytes.</summary>
    EncodeBytes,
}

/// <summary>Finds what a module and a name stand for.</summary>
internal static class PickleAllowList
{
    /// <summary>A <see cref="PickleCallable"/>, a <see cref="TorchStorageType"/>, or null where the name is not allowed.</summary>
    public static object? Find(string module, string name) => (module, name) switch
    {
        ("collections", "OrderedDict") => PickleCallable.OrderedDictionary,
        ("torch._utils", "_rebuild_tensor_v2" or "_rebuild_tensor") => PickleCallable.RebuildTensor,
        ("torch._utils", "_rebuild_parameter") => PickleCallable.RebuildParameter,
        ("torch", "Size") => PickleCallable.Size,
        ("_codecs", "encode") => PickleCallable.EncodeBytes,
        ("torch" or "torch.cuda", _) => TorchStorageType.Find(name),
        _ => null,
    };
}
