using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Tandem.Protocols.AspNet;

namespace Tandem.Gateway.Configuration;

/// <summary>
/// Looks at everything below <c>Tandem</c> before anything is bound, and says all that is wrong at once: unknown names (a typo would
/// otherwise be a setting that silently does nothing), values of the wrong kind, values out of range.
/// </summary>
internal static class SettingsCheck
{
    // A setting of the SDK: it may stand in an environment that gateway and app server share.
    private const string ConnectionStringOfTheSdk = "Tandem:ConnectionString";

    /// <summary>One readable line per error; empty when all is well.</summary>
    public static IReadOnlyList<string> Check(IConfiguration configuration)
    {
        var errors = new List<string>();
        CheckSection(configuration.GetSection(GatewayOptions.SectionName), errors);
        CheckUrls(configuration["urls"], errors);
        if (errors.Count == 0)
        {
            var gateway = configuration.GetSection(GatewayOptions.SectionName).Get<GatewayOptions>() ?? new GatewayOptions();
            errors.AddRange(GatewayOptionsRules.Check(gateway));
            var clients = configuration.GetSection("Tandem:Clients").Get<ClientAccessOptions>() ?? new ClientAccessOptions();
            errors.AddRange(GatewayOptionsRules.Check(clients));
            var classic = configuration.GetSection("Tandem:Classic");
            errors.AddRange(ClassicOptionsRules.Check(
                classic.Get<ClassicProtocolOptions>() ?? new ClassicProtocolOptions(),
                (classic.Get<ClassicApplications>() ?? new ClassicApplications()).Applications));
        }

        return errors;
    }

    /// <summary>The same for one section alone.</summary>
    public static IReadOnlyList<string> Check(IConfigurationSection section)
    {
        var errors = new List<string>();
        CheckSection(section, errors);
        return errors;
    }

    private static void CheckUrls(string? urls, List<string> errors)
    {
        foreach (var url in (urls ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            try
            {
                BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                errors.Add($"urls has \"{url}\"; an address is a scheme, a host and a port, such as http://localhost:8888 or http://*:80.");
            }
        }
    }

    private static void CheckSection(IConfigurationSection section, List<string> errors)
    {
        var known = SettingsCatalog.Sections.FirstOrDefault(known => Same(known.Name, section.Path));
        if (known is { IsNamed: true })
        {
            CheckHasNoValue(section, errors);
            foreach (var named in section.GetChildren())
            {
                CheckSection(named, [.. known.Settings.Select(setting => setting with { Name = $"{named.Path}:{setting.Property.Name}" })], errors);
            }
        }
        else
        {
            CheckSection(section, known?.Settings ?? [], errors);
        }
    }

    private static void CheckSection(IConfigurationSection section, IReadOnlyList<Setting> settings, List<string> errors)
    {
        var subsections = SettingsCatalog.Sections.Where(known => IsBelow(known.Name, section.Path)).ToArray();
        foreach (var child in section.GetChildren())
        {
            if (settings.FirstOrDefault(known => Same(known.Name, child.Path)) is { } setting)
            {
                CheckSetting(setting, child, errors);
            }
            else if (subsections.Any(known => Same(known.Name, child.Path)))
            {
                CheckSection(child, errors);
            }
            else if (!Same(ConnectionStringOfTheSdk, child.Path))
            {
                var names = settings.Select(known => known.Property.Name).Concat(subsections.Select(known => known.Name[(section.Path.Length + 1)..]));
                errors.Add($"{child.Path} is not a setting. {section.Path} has: {string.Join(", ", names)}.");
            }
        }

        CheckHasNoValue(section, errors);
    }

    private static void CheckHasNoValue(IConfigurationSection section, List<string> errors)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            errors.Add($"{section.Path} is a section and has no value of its own.");
        }
    }

    private static void CheckSetting(Setting setting, IConfigurationSection section, List<string> errors)
    {
        var children = section.GetChildren().ToArray();
        if (setting.IsList)
        {
            if (!string.IsNullOrEmpty(section.Value))
            {
                errors.Add($"{setting.Name} is a list: set {setting.Name}:0, {setting.Name}:1 and so on.");
            }

            errors.AddRange(children.Where(child => !int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .Select(child => $"{child.Path} is not a setting: entries of {setting.Name} are numbered from 0."));
            return;
        }

        if (children.Length > 0)
        {
            errors.Add($"{setting.Name} is a single value and has nothing below it, but there is {children[0].Path}.");
            return;
        }

        if (string.IsNullOrEmpty(section.Value))
        {
            if (section.Value is not null && setting.ValueType.IsValueType && Nullable.GetUnderlyingType(setting.Property.PropertyType) is null)
            {
                errors.Add($"{setting.Name} is empty; it needs a value ({SettingText.Unit(setting)}).");
            }

            return;
        }

        if (!TryParse(setting, section.Value, out var value))
        {
            errors.Add($"{setting.Name} is \"{section.Value}\", which is no {SettingText.Unit(setting)}.");
        }
        else if (setting.Property.GetCustomAttribute<RangeAttribute>() is { } range && !range.IsValid(value))
        {
            errors.Add($"{setting.Name} is {section.Value}; it must be {SettingText.Range(setting)} ({SettingText.Unit(setting)}).");
        }
    }

    private static bool TryParse(Setting setting, string text, out object? value)
    {
        try
        {
            value = TypeDescriptor.GetConverter(setting.ValueType).ConvertFromInvariantString(text);
            return true;
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            // How converters say no; the caller says it in our words.
            value = null;
            return false;
        }
    }

    private static bool Same(string name, string path) => name.Equals(path, StringComparison.OrdinalIgnoreCase);

    private static bool IsBelow(string name, string path) =>
        name.StartsWith(path + ":", StringComparison.OrdinalIgnoreCase) && name.IndexOf(':', path.Length + 1) < 0;
}
