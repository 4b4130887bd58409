namespace Tandem.Gateway.Configuration;

/// <summary>The settings of one option class.</summary>
/// <param name="Name">Where they are in the configuration, such as <c>Tandem:Limits</c>.</param>
/// <param name="OptionsType">The option class.</param>
/// <param name="Settings">The settings in the order of the class.</param>
/// <param name="IsNamed">Whether each entry of the section, whatever its name, has these settings.</param>
internal sealed record SettingsSection(string Name, Type OptionsType, IReadOnlyList<Setting> Settings, bool IsNamed = false)
{
    /// <summary>Stands for the name of an entry where none is meant in particular.</summary>
    public const string AnyName = "NAME";
}
