using Microsoft.Extensions.Configuration.Memory;

namespace Tandem.Gateway;

/// <summary>Builds the gateway's host, for the command line and for tests alike.</summary>
public static class GatewayHost
{
    /// <summary>Where the gateway listens unless told otherwise.</summary>
    public const string DefaultUrl = "http://localhost:8888";

    // A token of 4,096 characters, the most SDKs issue, beside a long query of the application's own.
    private const int MaxRequestLineBytes = 16 * 1024;

    /// <summary>Reads the settings (appsettings.json, environment, flags; later ones win) and registers the gateway.</summary>
    /// <param name="flags">Settings from the command line, as <c>--name=value</c>.</param>
    public static WebApplicationBuilder CreateBuilder(params string[] flags)
    {
        var builder = WebApplication.CreateBuilder(flags);
        AddDefaults(builder.Configuration);
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        });
        builder.Services.AddGateway(builder.Configuration);
        return builder;
    }

    /// <summary>Builds the application.</summary>
    public static WebApplication Build(WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Build().MapGateway();
    }

    /// <summary>What holds when nobody says anything else; in front of all other sources, so that each of them wins.</summary>
    private static void AddDefaults(ConfigurationManager configuration)
    {
        var defaults = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Information",
            ["Logging:LogLevel:Microsoft"] = "Warning",
            ["Logging:LogLevel:Microsoft.Hosting.Lifetime"] = "Information",
            ["Logging:Console:FormatterName"] = "simple",
            ["Logging:Console:FormatterOptions:SingleLine"] = "true",
            ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
            ["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-dd HH:mm:ss.fffZ ",
        };
        // Container images choose the port with HTTP_PORTS, which an address would silently beat.
        if (string.IsNullOrEmpty(configuration["http_ports"]) && string.IsNullOrEmpty(configuration["https_ports"])
            && !configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            defaults["urls"] = DefaultUrl;
        }

        ((IConfigurationBuilder)configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = defaults });
    }
}
