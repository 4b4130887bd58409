using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Tandem.Gateway.CommandLine;

/// <summary>The connection string app servers need.</summary>
internal static class ConnectionStringText
{
    /// <summary>Makes it from the configured endpoint or, without one, the first address the gateway listens on.</summary>
    public static string Create(IServer server, GatewayOptions options, string accessKey)
    {
        var endpoint = string.IsNullOrEmpty(options.Endpoint) ? Listening(server) : options.Endpoint;
        return $"Endpoint={endpoint.TrimEnd('/')};AccessKey={accessKey};Version=1.0;";
    }

    private static string Listening(IServer server)
    {
        var address = BindingAddress.Parse(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        // What one listens on may be no name one can connect to.
        var host = address.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : address.Host;
        return $"{address.Scheme}://{host}:{address.Port}";
    }
}
