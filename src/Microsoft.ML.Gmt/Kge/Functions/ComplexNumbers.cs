using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Kge;

/// <summary>Complex numbers as matrices of reals: the real parts of a row first, then its imaginary ones.</summary>
internal static class ComplexNumbers
{
    /// <summary>Real and imaginary parts: [rows, d] each of [rows, 2 d].</summary>
    public static (Tensor Real, Tensor Imaginary) Parts(Tensor numbers)
    {
        long half = numbers.size(1) / 2;
        return (numbers.narrow(1, 0, half), numbers.narrow(1, half, half));
    }

    /// <summary>a · b: [rows, 2 d].</summary>
    public static Tensor Product((Tensor Real, Tensor Imaginary) a, (Tensor Real, Tensor Imaginary) b) => cat(
        [(a.Real * b.Real) - (a.Imaginary * b.Imaginary), (a.Real * b.Imaginary) + (a.Imaginary * b.Real)], 1);

    /// <summary>a · b̄: [rows, 2 d].</summary>
    public static Tensor ProductWithConjugate((Tensor Real, Tensor Imaginary) a, (Tensor Real, Tensor Imaginary) b) => cat(
        [(a.Real * b.Real) + (a.Imaginary * b.Imaginary), (a.Imaginary * b.Real) - (a.Real * b.Imaginary)], 1);

    /// <summary>|a|²: [rows, d].</summary>
    public static Tensor SquaredModuli(Tensor numbers)
    {
        (Tensor real, Tensor imaginary) = Parts(numbers);
        return real.square() + imaginary.square();
    }
}
