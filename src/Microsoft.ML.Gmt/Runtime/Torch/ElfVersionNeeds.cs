using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>
/// Marks one symbol-version requirement of an ELF64 library as weak, so that the dynamic linker loads it on systems whose
/// C++ runtime lacks that version.
/// </summary>
/// <remarks>
/// Only safe where no symbol of that version is really used; which is the case for <c>GLIBCXX_3.4.32</c> in
/// <c>libLibTorchSharp.so</c> 0.107. Layout: System V ABI, "Symbol Versioning" (<c>Elf64_Verneed</c>, <c>Elf64_Vernaux</c>).
/// </remarks>
internal static class ElfVersionNeeds
{
    private const uint SectionTypeVersionNeeds = 0x6ffffffe; // SHT_GNU_verneed
    private const byte WeakFlag = 0x2;                       // VER_FLG_WEAK

    /// <summary>Sets the weak flag on every requirement named <paramref name="version"/>.</summary>
    /// <param name="image">The library's bytes; changed in place.</param>
    /// <param name="version">The version name, such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>How many requirements were marked; 0 where there is none or it was weak already.</returns>
    /// <exception cref="InvalidDataException">The image is not a little-endian ELF64 file, or is cut short.</exception>
    public static int MarkWeak(Span<byte> image, string version)
    {
        if (image.Length < 64 || !image[..4].SequenceEqual("\u007fELF"u8) || image[4] != 2 || image[5] != 1)
        {
            throw new InvalidDataException("Not a little-endian ELF64 file.");
        }

        try
        {
            return MarkWeakCore(image, Encoding.ASCII.GetBytes(version));
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("The ELF file is cut short or its section table points outside of it.", e);
        }
    }

    private static int MarkWeakCore(Span<byte> image, ReadOnlySpan<byte> version)
    {
        int sections = Offset(image, 0x28);
        int sectionSize = U16(image, 0x3A), sectionCount = U16(image, 0x3C), marked = 0;
        for (int i = 0; i < sectionCount; i++)
        {
            int section = sections + i * sectionSize;
            if (U32(image, section + 4) != SectionTypeVersionNeeds)
            {
                continue;
            }

            int names = Offset(image, sections + (int)U32(image, section + 0x28) * sectionSize + 0x18);
            int need = Offset(image, section + 0x18);
            for (int needs = (int)U32(image, section + 0x2C); needs > 0; needs--, need += (int)U32(image, need + 12))
            {
                int aux = need + (int)U32(image, need + 8);
                for (int count = U16(image, need + 2); count > 0; count--, aux += (int)U32(image, aux + 12))
                {
                    var name = image[(names + (int)U32(image, aux + 8))..];
                    if (name[..name.IndexOf((byte)0)].SequenceEqual(version) && (image[aux + 4] & WeakFlag) == 0)
                    {
                        image[aux + 4] |= WeakFlag;
                        marked++;
                    }
                }
            }
        }

        return marked;
    }

    private static ushort U16(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt16LittleEndian(image[at..]);

    private static uint U32(ReadOnlySpan<byte> image, int at) => BinaryPrimitives.ReadUInt32LittleEndian(image[at..]);

    private static int Offset(ReadOnlySpan<byte> image, int at) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(image[at..]));
}
