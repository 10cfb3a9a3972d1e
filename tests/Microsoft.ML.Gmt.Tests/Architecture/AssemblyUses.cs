using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Microsoft.ML.Gmt.Tests.Architecture;

/// <summary>
/// Reads from a compiled assembly which of its types mention which: in declarations, signatures, method bodies and attributes.
/// </summary>
internal sealed class AssemblyUses
{
    private readonly PEReader _image;
    private readonly MetadataReader _reader;
    private readonly TypeCollector _collector;
    private readonly HashSet<TypeUse> _uses = [];

    private AssemblyUses(PEReader image)
    {
        _image = image;
        _reader = image.GetMetadataReader();
        _collector = new TypeCollector(_reader);
    }

    /// <summary>All uses within the assembly, and its outermost types.</summary>
    public static (IReadOnlyCollection<TypeUse> Uses, IReadOnlyCollection<TypeName> Types) Read(Stream assembly)
    {
        using var image = new PEReader(assembly);
        var uses = new AssemblyUses(image);
        foreach (TypeDefinitionHandle type in uses._reader.TypeDefinitions)
        {
            uses.ReadType(type);
        }

        return (uses._uses, [.. uses._reader.TypeDefinitions.Select(uses._collector.NameOf).Distinct()]);
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        TypeName user = _collector.NameOf(handle);
        _collector.Add(type.BaseType);
        _collector.Add(type.GetCustomAttributes());
        AddGenericParameters(type.GetGenericParameters());
        foreach (InterfaceImplementation implementation in type.GetInterfaceImplementations().Select(_reader.GetInterfaceImplementation))
        {
            _collector.Add(implementation.Interface);
        }

        Record(user, "its declaration");
        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            _collector.Add((EntityHandle)field);
            _collector.Add(_reader.GetFieldDefinition(field).GetCustomAttributes());
            Record(user, _reader.GetString(_reader.GetFieldDefinition(field).Name));
        }

        foreach (PropertyDefinition property in type.GetProperties().Select(_reader.GetPropertyDefinition))
        {
            _collector.Add(property.GetCustomAttributes());
            Record(user, _reader.GetString(property.Name));
        }

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            ReadMethod(method);
            Record(user, _reader.GetString(_reader.GetMethodDefinition(method).Name));
        }
    }

    private void ReadMethod(MethodDefinitionHandle handle)
    {
        MethodDefinition method = _reader.GetMethodDefinition(handle);
        _collector.Add((EntityHandle)handle);
        _collector.Add(method.GetCustomAttributes());
        AddGenericParameters(method.GetGenericParameters());
        foreach (ParameterHandle parameter in method.GetParameters())
        {
            _collector.Add(_reader.GetParameter(parameter).GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _image.GetMethodBody(method.RelativeVirtualAddress);
        _collector.Add((EntityHandle)body.LocalSignature);
        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            _collector.Add(region.CatchType);
        }

        foreach (EntityHandle token in IlTokens.Of(body))
        {
            _collector.Add(token);
        }
    }

    private void AddGenericParameters(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterConstraintHandle constraint in parameters.SelectMany(parameter => _reader.GetGenericParameter(parameter).GetConstraints()))
        {
            _collector.Add(_reader.GetGenericParameterConstraint(constraint).Type);
        }
    }

    private void Record(TypeName user, string place)
    {
        foreach (TypeName used in _collector.Take().Where(used => used != user))
        {
            _uses.Add(new TypeUse(user, used, place));
        }
    }
}
