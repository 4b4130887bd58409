using System.Reflection;

namespace Tandem.Gateway.Configuration;

/// <summary>One setting of the gateway.</summary>
/// <param name="Name">Full name, such as <c>Tandem:Limits:MaxHubs</c>.</param>
/// <param name="Property">The property of the option class it is bound to.</param>
/// <param name="Description">What it does.</param>
/// <param name="Default">Its value when it is not set.</param>
internal sealed record Setting(string Name, PropertyInfo Property, string Description, object? Default)
{
    /// <summary>Whether it is a list, whose entries are set as <c>Name:0</c>, <c>Name:1</c> …</summary>
    public bool IsList => Property.PropertyType == typeof(IReadOnlyList<string>);

    /// <summary>The type of its value, without the wrapping of nullable numbers.</summary>
    public Type ValueType => Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;
}
