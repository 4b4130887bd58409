using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Tandem.Routing.Mixing;

namespace Tandem.Gateway.Configuration;

/// <summary>The settings of section <c>Tandem:Mixing</c> as they are now: they follow the configuration while the node runs.</summary>
internal sealed partial class MixingSettings : IOptionsMonitor<MixingOptions>, IDisposable
{
    private readonly IConfiguration _configuration;
    private readonly ILogger<MixingSettings> _logger;
    private readonly IDisposable _subscription;
    private volatile MixingOptions _current;

    public MixingSettings(IConfiguration configuration, ILogger<MixingSettings> logger)
    {
        _configuration = configuration;
        _logger = logger;
        _current = Bind();
        _subscription = ChangeToken.OnChange(configuration.GetReloadToken, Replace);
    }

    public MixingOptions CurrentValue => _current;

    public MixingOptions Get(string? name) => _current;

    /// <summary>Nobody needs to be told: every client that connects looks.</summary>
    public IDisposable? OnChange(Action<MixingOptions, string?> listener) => null;

    public void Dispose() => _subscription.Dispose();

    private IConfigurationSection Section => _configuration.GetSection("Tandem:Mixing");

    private MixingOptions Bind() => Section.Get<MixingOptions>() ?? new MixingOptions();

    private void Replace()
    {
        // A file caught half written, or a slip, must not move anybody.
        var errors = SettingsCheck.Check(Section);
        if (errors.Count > 0)
        {
            Log.Rejected(_logger, string.Join(" ", errors));
            return;
        }

        var next = Bind();
        if (Text(next) is var text && text != Text(_current))
        {
            _current = next;
            Log.Replaced(_logger, text);
        }
    }

    private static string Text(MixingOptions options) =>
        $"Enabled {options.Enabled}, MaxMessageBytes {options.MaxMessageBytes}, CoreWeight {options.CoreWeight?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}"
        + string.Concat(options.Hubs.OrderBy(static hub => hub.Key, StringComparer.OrdinalIgnoreCase).Select(static hub =>
            $"; {hub.Key}: Enabled {hub.Value.Enabled?.ToString() ?? "as all"}, CoreWeight {hub.Value.CoreWeight?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "as all"}"));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The settings of Tandem:Mixing have changed and hold for clients that connect from now on: {Settings}.", EventName = "MixingReplaced")]
        public static partial void Replaced(ILogger logger, string settings);

        [LoggerMessage(2, LogLevel.Error, "The changed settings are wrong, so those of Tandem:Mixing stay as they were: {Errors}", EventName = "MixingRejected")]
        public static partial void Rejected(ILogger logger, string errors);
    }
}
