using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Microsoft.ML.Gmt.Tests.Architecture;

/// <summary>
/// Collects the types of an assembly that its signatures, tokens and attributes mention. References to other assemblies count for nothing.
/// </summary>
internal sealed class TypeCollector(MetadataReader reader) : ISignatureTypeProvider<string, bool>, ICustomAttributeTypeProvider<string>
{
    private readonly HashSet<TypeName> _found = [];

    /// <summary>What was found since the last call.</summary>
    public IReadOnlyCollection<TypeName> Take()
    {
        TypeName[] found = [.. _found];
        _found.Clear();
        return found;
    }

    /// <summary>The outermost type around a type.</summary>
    public TypeName NameOf(TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        return type.GetDeclaringType() is { IsNil: false } outer
            ? NameOf(outer)
            : new(reader.GetString(type.Namespace), reader.GetString(type.Name));
    }

    /// <summary>Adds what a token of any kind mentions, the instruction operands of method bodies among them.</summary>
    public void Add(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                _found.Add(NameOf((TypeDefinitionHandle)handle));
                break;
            case HandleKind.TypeSpecification:
                reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, false);
                break;
            case HandleKind.MethodDefinition:
                MethodDefinition method = reader.GetMethodDefinition((MethodDefinitionHandle)handle);
                Add((EntityHandle)method.GetDeclaringType());
                method.DecodeSignature(this, false);
                break;
            case HandleKind.FieldDefinition:
                FieldDefinition field = reader.GetFieldDefinition((FieldDefinitionHandle)handle);
                Add((EntityHandle)field.GetDeclaringType());
                field.DecodeSignature(this, false);
                break;
            case HandleKind.MemberReference:
                AddMember(reader.GetMemberReference((MemberReferenceHandle)handle));
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification specification = reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                Add(specification.Method);
                specification.DecodeSignature(this, false);
                break;
            case HandleKind.StandaloneSignature:
                AddStandalone(reader.GetStandaloneSignature((StandaloneSignatureHandle)handle));
                break;
            default:
                break;
        }
    }

    /// <summary>Adds attributes' types, and the types that their arguments name.</summary>
    public void Add(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttribute attribute in attributes.Select(reader.GetCustomAttribute))
        {
            Add(attribute.Constructor);
            attribute.DecodeValue(this);
        }
    }

    public string GetTypeFromDefinition(MetadataReader metadata, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        _found.Add(NameOf(handle));
        return NameOf(handle).FullName;
    }

    /// <summary>An attribute names a type by its full name; one of another assembly has a comma behind it.</summary>
    public string GetTypeFromSerializedName(string name)
    {
        string outermost = name.Split(',')[0].Split('+', '[', '`')[0];
        foreach (TypeName known in reader.TypeDefinitions.Select(NameOf).Where(known => known.FullName.Split('`')[0] == outermost))
        {
            _found.Add(known);
        }

        return name;
    }

    public string GetTypeFromSpecification(
        MetadataReader metadata, bool genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        metadata.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public string GetTypeFromReference(MetadataReader metadata, TypeReferenceHandle handle, byte rawTypeKind)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        return $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }

    // An attribute's blob says neither which of its arguments are types nor how wide an enumeration is.
    public string GetSystemType() => typeof(Type).FullName!;

    public bool IsSystemType(string type) => type == GetSystemType();

    public PrimitiveTypeCode GetUnderlyingEnumType(string type) =>
        Type.GetType(type) is { IsEnum: true } known && Type.GetTypeCode(known.GetEnumUnderlyingType()) is TypeCode.Byte
            ? PrimitiveTypeCode.Byte
            : PrimitiveTypeCode.Int32;

    // The rest is structure around types, which the decoder visits by itself.
    public string GetArrayType(string elementType, ArrayShape shape) => "";

    public string GetByReferenceType(string elementType) => "";

    public string GetFunctionPointerType(MethodSignature<string> signature) => "";

    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => "";

    public string GetGenericMethodParameter(bool genericContext, int index) => "";

    public string GetGenericTypeParameter(bool genericContext, int index) => "";

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => "";

    public string GetPinnedType(string elementType) => "";

    public string GetPointerType(string elementType) => "";

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "";

    public string GetSZArrayType(string elementType) => "";

    private void AddMember(MemberReference member)
    {
        Add(member.Parent);
        if (member.GetKind() == MemberReferenceKind.Method)
        {
            member.DecodeMethodSignature(this, false);
        }
        else
        {
            member.DecodeFieldSignature(this, false);
        }
    }

    private void AddStandalone(StandaloneSignature signature)
    {
        if (signature.GetKind() == StandaloneSignatureKind.LocalVariables)
        {
            signature.DecodeLocalSignature(this, false);
        }
        else
        {
            signature.DecodeMethodSignature(this, false);
        }
    }
}
