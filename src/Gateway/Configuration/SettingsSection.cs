namespace Tandem.Gateway.Configuration;

/// <summary>The settings of one option class.</summary>
/// <param name="Name">Where they are in the configuration, such as <c>Tandem:Limits</c>.</param>
/// <param name="OptionsType">The option class.</param>
/// <param name="Settings">The settings in the order of the class.</param>
internal sealed record SettingsSection(string Name, Type OptionsType, IReadOnlyList<Setting> Settings);
