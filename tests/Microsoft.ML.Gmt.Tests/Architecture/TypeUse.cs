namespace Microsoft.ML.Gmt.Tests.Architecture;

/// <summary>A type by the namespace and name of its outermost type.</summary>
internal readonly record struct TypeName(string Namespace, string Name)
{
    public string FullName => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";
}

/// <summary>One type of an assembly mentions another.</summary>
/// <param name="User">The type that mentions.</param>
/// <param name="Used">The type that is mentioned.</param>
/// <param name="Place">Where, such as a method's name.</param>
internal readonly record struct TypeUse(TypeName User, TypeName Used, string Place)
{
    public override string ToString() => $"{User.FullName} uses {Used.FullName} in {Place}";
}
