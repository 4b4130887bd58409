#if NET
using Microsoft.Extensions.Configuration;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

/// <summary>Fills the options from the configuration section <c>Tandem</c>, before the application's code runs.</summary>
internal static class TandemOptionsBinder
{
    public static void Bind(TandemOptions options, IConfiguration configuration)
    {
        var section = configuration.GetSection("Tandem");
        options.ApplicationName = section.GetValue(nameof(options.ApplicationName), options.ApplicationName)!;
        options.InitialHubServerConnectionCount = section.GetValue(nameof(options.InitialHubServerConnectionCount), options.InitialHubServerConnectionCount);
        options.InitialApplicationServerConnectionCount =
            section.GetValue(nameof(options.InitialApplicationServerConnectionCount), options.InitialApplicationServerConnectionCount);
        options.MaxHubServerConnectionCount = section.GetValue<int?>(nameof(options.MaxHubServerConnectionCount));
        options.AccessTokenLifetime = section.GetValue(nameof(options.AccessTokenLifetime), options.AccessTokenLifetime);
        options.ServerStickyMode = section.GetValue(nameof(options.ServerStickyMode), options.ServerStickyMode);
        options.MaxPollIntervalInSeconds = section.GetValue<int?>(nameof(options.MaxPollIntervalInSeconds));
        options.MaxWaitingBytesPerClient = section.GetValue(nameof(options.MaxWaitingBytesPerClient), options.MaxWaitingBytesPerClient);
        options.MaxWaitingBytesPerServerConnection =
            section.GetValue(nameof(options.MaxWaitingBytesPerServerConnection), options.MaxWaitingBytesPerServerConnection);
        options.MaxServiceMessageBytes = section.GetValue(nameof(options.MaxServiceMessageBytes), options.MaxServiceMessageBytes);

        var shutdown = section.GetSection(nameof(options.GracefulShutdown));
        options.GracefulShutdown.Mode = shutdown.GetValue(nameof(GracefulShutdownOptions.Mode), options.GracefulShutdown.Mode);
        options.GracefulShutdown.Timeout = shutdown.GetValue(nameof(GracefulShutdownOptions.Timeout), options.GracefulShutdown.Timeout);
        options.Endpoints = ReadEndpoints(section.GetSection(nameof(options.Endpoints)));
        if (options.Endpoints.Count > 0)
        {
            options.ConnectionString = section[nameof(options.ConnectionString)];
        }
    }

    private static List<TandemEndpoint> ReadEndpoints(IConfigurationSection section)
    {
        var endpoints = new List<TandemEndpoint>();
        foreach (var entry in section.GetChildren())
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
#endif
