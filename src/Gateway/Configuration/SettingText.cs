using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace Tandem.Gateway.Configuration;

/// <summary>Settings in words, for help, documentation and errors.</summary>
internal static class SettingText
{
    /// <summary>Kind and unit of the value.</summary>
    public static string Unit(Setting setting) =>
        setting.IsList ? "list of texts"
        : setting.ValueType == typeof(bool) ? "true or false"
        : setting.ValueType == typeof(TimeSpan) ? "time, hh:mm:ss"
        : setting.ValueType == typeof(int) ? setting.Property.Name.EndsWith("Bytes", StringComparison.Ordinal) ? "bytes" : "number"
        : "text";

    /// <summary>The value when the setting is not set.</summary>
    public static string Default(Setting setting) => setting.Default switch
    {
        null => "empty",
        IReadOnlyList<string> { Count: 0 } => "empty",
        string { Length: 0 } => "empty",
        _ => Value(setting.Default),
    };

    /// <summary>The allowed values, or null when any will do.</summary>
    public static string? Range(Setting setting) =>
        setting.Property.GetCustomAttribute<RangeAttribute>() is { } range
            ? $"{Value(Typed(setting, range.Minimum))} to {Value(Typed(setting, range.Maximum))}"
            : null;

    private static object Typed(Setting setting, object bound) =>
        setting.ValueType == typeof(TimeSpan) && bound is string text ? TimeSpan.Parse(text, CultureInfo.InvariantCulture) : bound;

    private static string Value(object value) => value switch
    {
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        bool yes => yes ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
