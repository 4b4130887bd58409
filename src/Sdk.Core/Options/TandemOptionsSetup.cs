using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Core;

/// <summary>Fills the options from configuration: plain values before the application's code runs, endpoints after it.</summary>
internal sealed class TandemOptionsSetup(IConfiguration configuration) : IConfigureOptions<TandemOptions>, IPostConfigureOptions<TandemOptions>
{
    public const string HowToConnect =
        "Tandem has no connection string. Set it in configuration as Tandem:ConnectionString (or ConnectionStrings:Tandem, or the "
        + "environment variable TANDEM_CONNECTION_STRING), or in code: AddSignalR().AddTandem(\"Endpoint=https://…;AccessKey=…;Version=1.0;\"). "
        + "`tandem dev` prints one for development.";

    private const string Section = "Tandem";
    private const string AzureSection = "Azure:SignalR";

    public void Configure(TandemOptions options)
    {
        var section = configuration.GetSection(Section);
        options.ApplicationName = section[nameof(options.ApplicationName)];
        options.InitialHubServerConnectionCount = section.GetValue(nameof(options.InitialHubServerConnectionCount), options.InitialHubServerConnectionCount);
        options.MaxHubServerConnectionCount = section.GetValue<int?>(nameof(options.MaxHubServerConnectionCount));
        options.AccessTokenLifetime = section.GetValue(nameof(options.AccessTokenLifetime), options.AccessTokenLifetime);
        options.ServerStickyMode = section.GetValue<ServerStickyMode?>(nameof(options.ServerStickyMode));
        options.MaxPollIntervalInSeconds = section.GetValue<int?>(nameof(options.MaxPollIntervalInSeconds));
        options.CloseOnAuthenticationExpiration = section.GetValue(nameof(options.CloseOnAuthenticationExpiration), false);
        options.MaxWaitingBytesPerClient = section.GetValue(nameof(options.MaxWaitingBytesPerClient), options.MaxWaitingBytesPerClient);
        options.MaxWaitingBytesPerServerConnection =
            section.GetValue(nameof(options.MaxWaitingBytesPerServerConnection), options.MaxWaitingBytesPerServerConnection);
        options.MaxServiceMessageBytes = section.GetValue(nameof(options.MaxServiceMessageBytes), options.MaxServiceMessageBytes);

        var shutdown = section.GetSection(nameof(options.GracefulShutdown));
        options.GracefulShutdown.Mode = shutdown.GetValue(nameof(GracefulShutdownOptions.Mode), options.GracefulShutdown.Mode);
        options.GracefulShutdown.Timeout = shutdown.GetValue(nameof(GracefulShutdownOptions.Timeout), options.GracefulShutdown.Timeout);
    }

    public void PostConfigure(string? name, TandemOptions options)
    {
        if (options.Endpoints.Count > 0)
        {
            if (options.ConnectionString is not null)
            {
                options.Endpoints = Merge([new TandemEndpoint(options.ConnectionString), .. options.Endpoints]);
            }

            return;
        }

        var text = options.ConnectionString ?? FirstSet("Tandem:ConnectionString", "ConnectionStrings:Tandem", "TANDEM_CONNECTION_STRING");
        var endpoints = FromSection(Section + ":Endpoints");
        if (text is null && endpoints.Count == 0)
        {
            text = FirstSet(AzureSection + ":ConnectionString", "ConnectionStrings:" + AzureSection + ":ConnectionString");
            endpoints = FromSection(AzureSection + ":Endpoints");
        }

        if (text is not null)
        {
            endpoints.Insert(0, new TandemEndpoint(text));
        }

        options.Endpoints = Merge(endpoints);
    }

    private static TandemEndpoint[] Merge(IEnumerable<TandemEndpoint> endpoints) =>
        endpoints.DistinctBy(endpoint => endpoint.ConnectionString.Endpoint).ToArray();

    private string? FirstSet(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (configuration[key] is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }

    private List<TandemEndpoint> FromSection(string path)
    {
        var endpoints = new List<TandemEndpoint>();
        foreach (var entry in configuration.GetSection(path).GetChildren())
        {
            if (entry.Value is { Length: > 0 } text)
            {
                endpoints.Add(TandemEndpoint.FromConfiguration(entry.Key, text));
            }

            foreach (var typed in entry.GetChildren())
            {
                if (typed.Value is { Length: > 0 } typedText)
                {
                    endpoints.Add(TandemEndpoint.FromConfiguration(entry.Key + ":" + typed.Key, typedText));
                }
            }
        }

        return endpoints;
    }
}
