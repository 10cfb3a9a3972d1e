using System.Buffers.Binary;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Microsoft.ML.Gmt.Publicizer;

/// <summary>
/// Changes visibility in an assembly's metadata tables (ECMA-335, II.22), in place: identity, tokens and everything else stay as they are.
/// </summary>
/// <param name="assembly">A reader over the same bytes.</param>
/// <param name="image">The bytes of the assembly that are changed.</param>
internal sealed class VisibilityPatch(PEReader assembly, byte[] image)
{
    // In a row of MethodDef, the flags follow RVA (4 bytes) and ImplFlags (2 bytes); in TypeDef and Field they come first.
    private const int MethodFlags = 6;

    private readonly MetadataReader _metadata = assembly.GetMetadataReader();

    /// <summary>Makes types public and what is internal in them as well; what is private stays so.</summary>
    /// <param name="names">Full names, with + before the name of a nested type.</param>
    /// <returns>The names that there are.</returns>
    public IReadOnlyList<string> Open(IReadOnlySet<string> names)
    {
        var found = new List<string>();
        foreach (TypeDefinitionHandle handle in _metadata.TypeDefinitions)
        {
            string name = FullName(handle);
            if (names.Contains(name))
            {
                found.Add(name);
                Open(handle);
            }
        }

        return found;
    }

    private void Open(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        Span<byte> flags = Row(TableIndex.TypeDef, handle);
        TypeAttributes visibility = type.GetDeclaringType().IsNil ? TypeAttributes.Public : TypeAttributes.NestedPublic;
        BinaryPrimitives.WriteUInt32LittleEndian(flags, (uint)((type.Attributes & ~TypeAttributes.VisibilityMask) | visibility));
        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            MethodAttributes attributes = _metadata.GetMethodDefinition(method).Attributes;
            MethodAttributes access = Opened(attributes & MethodAttributes.MemberAccessMask);
            BinaryPrimitives.WriteUInt16LittleEndian(
                Row(TableIndex.MethodDef, method)[MethodFlags..], (ushort)((attributes & ~MethodAttributes.MemberAccessMask) | access));
        }

        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            FieldAttributes attributes = _metadata.GetFieldDefinition(field).Attributes;
            if ((attributes & FieldAttributes.FieldAccessMask) == FieldAttributes.Assembly)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(
                    Row(TableIndex.Field, field), (ushort)((attributes & ~FieldAttributes.FieldAccessMask) | FieldAttributes.Public));
            }
        }
    }

    private static MethodAttributes Opened(MethodAttributes access) => access switch
    {
        MethodAttributes.Assembly or MethodAttributes.FamORAssem => MethodAttributes.Public,
        MethodAttributes.FamANDAssem => MethodAttributes.Family,
        _ => access,
    };

    private Span<byte> Row(TableIndex table, EntityHandle handle)
    {
        int row = MetadataTokens.GetRowNumber(handle) - 1;
        return image.AsSpan(
            assembly.PEHeaders.MetadataStartOffset + _metadata.GetTableMetadataOffset(table) + (row * _metadata.GetTableRowSize(table)));
    }

    private string FullName(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        string name = _metadata.GetString(type.Name);
        return !type.GetDeclaringType().IsNil ? $"{FullName(type.GetDeclaringType())}+{name}"
            : type.Namespace.IsNil ? name
            : $"{_metadata.GetString(type.Namespace)}.{name}";
    }
}
