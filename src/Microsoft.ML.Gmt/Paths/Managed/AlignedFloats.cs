using System.Runtime.CompilerServices;

namespace Microsoft.ML.Gmt.Paths;

/// <summary>Numbers that begin at a multiple of 64 bytes and never move, so that code may keep their address.</summary>
internal sealed unsafe class AlignedFloats
{
    private const int Alignment = 64;

    private readonly float[] _array;

    /// <summary>Makes room; what it holds is not defined.</summary>
    public AlignedFloats(int count)
    {
        _array = GC.AllocateUninitializedArray<float>(checked(count + (Alignment / sizeof(float))), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref _array[0]);
        Address = (float*)((address + Alignment - 1) & ~(nuint)(Alignment - 1));
        Count = count;
    }

    /// <summary>Copies numbers.</summary>
    public AlignedFloats(ReadOnlySpan<float> numbers)
        : this(numbers.Length) => numbers.CopyTo(Span);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Where the first lies; valid while this object is alive.</summary>
    public float* Address { get; }

    /// <summary>The numbers.</summary>
    public Span<float> Span => new(Address, Count);

    /// <summary>The rows of a matrix as columns: [rows, columns] becomes [columns, rows].</summary>
    public static AlignedFloats Transpose(ReadOnlySpan<float> matrix, int columns)
    {
        int rows = matrix.Length / columns;
        var result = new AlignedFloats(matrix.Length);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                result.Address[(column * rows) + row] = matrix[(row * columns) + column];
            }
        }

        return result;
    }
}
