using System.Runtime.InteropServices;
using System.Text;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Calls any ATen operator by name, those that TorchSharp lacks included, through libtorch's stable C interface. Calls go through the
/// dispatcher: autograd records them, and they run on any device.
/// </summary>
/// <remarks>
/// Arguments are positional and complete, as the operator's schema has them (<c>native_functions.yaml</c> of PyTorch): there are no
/// defaults.
/// An operator's own complaint about its arguments is written to standard error by libtorch, which hands no text over.
/// </remarks>
internal static unsafe partial class AtenDispatcher
{
    private const int MaximumArity = 64;

    /// <summary>Calls an operator that returns one tensor.</summary>
    /// <param name="name">Name with namespace, such as <c>aten::segment_reduce</c>.</param>
    /// <param name="overload">The overload, such as <c>Tensor</c>; empty for the one without a name.</param>
    /// <param name="arguments">All arguments in the order of the schema.</param>
    /// <returns>The result, in the current dispose scope.</returns>
    /// <exception cref="InvalidOperationException">libtorch has no such operator, or it refused the arguments.</exception>
    public static Tensor Call(string name, string overload, params ReadOnlySpan<AtenArgument> arguments)
    {
        Span<Tensor> results = [null!];
        CallMany(name, overload, results, arguments);
        return results[0];
    }

    /// <summary>Calls an operator that returns several tensors, or none.</summary>
    /// <param name="name">Name with namespace, such as <c>aten::_fused_rms_norm</c>.</param>
    /// <param name="overload">The overload; empty for the one without a name.</param>
    /// <param name="results">Receives the results, in the current dispose scope; as long as the schema's result list.</param>
    /// <param name="arguments">All arguments in the order of the schema.</param>
    /// <exception cref="InvalidOperationException">libtorch has no such operator, or it refused the arguments.</exception>
    public static void CallMany(string name, string overload, Span<Tensor> results, params ReadOnlySpan<AtenArgument> arguments)
    {
        TorchRuntime.EnsureLoaded();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(arguments.Length, MaximumArity, nameof(arguments));
        ulong* stack = stackalloc ulong[MaximumArity];
        for (int i = 0; i < arguments.Length; i++)
        {
            stack[i] = arguments[i].Push(); // owned by the call from here on
        }

        fixed (byte* nameBytes = Encoding.UTF8.GetBytes(name + '\0'), overloadBytes = Encoding.UTF8.GetBytes(overload + '\0'))
        {
            if (CallDispatcher(nameBytes, overloadBytes, stack) != 0)
            {
                throw new InvalidOperationException(
                    $"libtorch could not run the operator {name}{(overload.Length == 0 ? "" : "." + overload)} with {arguments.Length} arguments; "
                    + "see its message on standard error.");
            }
        }

        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Tensor.UnsafeCreateTensor((nint)stack[i]);
        }
    }

    [LibraryImport("torch_cpu", EntryPoint = "aoti_torch_call_dispatcher")]
    private static partial int CallDispatcher(byte* name, byte* overload, ulong* stack);
}
