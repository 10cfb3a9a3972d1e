using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// One argument of an ATen operator. Where the schema says <c>T?</c>, use <see cref="Optional(AtenArgument)"/> or <see cref="None"/>: an
/// optional value is passed differently from a plain one.
/// </summary>
internal readonly unsafe partial struct AtenArgument
{
    private readonly Kind _kind;
    private readonly object? _object;
    private readonly ulong _value;

    private AtenArgument(Kind kind, object? reference, ulong value) => (_kind, _object, _value) = (kind, reference, value);

    private enum Kind
    {
        Value,
        Tensor,
        Integers,
        Tensors,
        Optional,
    }

    /// <summary>An optional argument that is left out.</summary>
    public static AtenArgument None => new(Kind.Value, null, 0);

    /// <summary>A tensor.</summary>
    public static implicit operator AtenArgument(Tensor tensor) => new(Kind.Tensor, tensor, 0);

    /// <summary>An integer.</summary>
    public static implicit operator AtenArgument(long value) => new(Kind.Value, null, (ulong)value);

    /// <summary>A floating-point number.</summary>
    public static implicit operator AtenArgument(double value) => new(Kind.Value, null, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A truth value.</summary>
    public static implicit operator AtenArgument(bool value) => new(Kind.Value, null, value ? 1UL : 0UL);

    /// <summary>A list of integers.</summary>
    public static implicit operator AtenArgument(long[] values) => new(Kind.Integers, values, 0);

    /// <summary>A list of tensors.</summary>
    public static implicit operator AtenArgument(Tensor[] values) => new(Kind.Tensors, values, 0);

    /// <summary>An optional argument that is given.</summary>
    public static AtenArgument Optional(AtenArgument value) => new(Kind.Optional, value, 0);

    /// <summary>The argument as libtorch's 64-bit stack value; whatever it allocates belongs to the call that takes it.</summary>
    internal ulong Push() => _kind switch
    {
        Kind.Tensor => Handle((Tensor)_object!),
        Kind.Integers => Integers((long[])_object!),
        Kind.Tensors => Tensors((Tensor[])_object!),
        Kind.Optional => Box(((AtenArgument)_object!).Push()),
        _ => _value,
    };

    private static ulong Handle(Tensor tensor)
    {
        Check(NewTensorHandle(tensor.Handle, out nint handle));
        GC.KeepAlive(tensor);
        return (ulong)handle;
    }

    private static ulong Integers(long[] values)
    {
        Check(NewList((nuint)values.Length, out nint list));
        foreach (long value in values)
        {
            Check(Append(list, (ulong)value));
        }

        return (ulong)list;
    }

    private static ulong Tensors(Tensor[] values)
    {
        Check(NewList((nuint)values.Length, out nint list));
        foreach (Tensor value in values)
        {
            Check(Append(list, Handle(value)));
        }

        return (ulong)list;
    }

    /// <summary>libtorch deletes it.</summary>
    private static ulong Box(ulong value)
    {
        ulong* box = (ulong*)NativeMemory.Alloc(sizeof(ulong));
        *box = value;
        return (ulong)box;
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException("libtorch could not take an argument for an operator.");
        }
    }

    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_new_tensor_handle")]
    private static partial int NewTensorHandle(nint tensor, out nint handle);

    [LibraryImport("torch_cpu", EntryPoint = "torch_new_list_reserve_size")]
    private static partial int NewList(nuint size, out nint list);

    [LibraryImport("torch_cpu", EntryPoint = "torch_list_push_back")]
    private static partial int Append(nint list, ulong value);
}
