using Microsoft.AspNet.SignalR.Hosting;
using Microsoft.AspNet.SignalR.Transports;

namespace Tandem.Sdk.Owin;

/// <summary>Gives the dispatcher the one transport there is: the client's way through the gateway.</summary>
internal sealed class GatewayTransports : ITransportManager
{
    private const string Key = "tandem.Transport";

    /// <summary>The context of a client's connection, with its transport.</summary>
    public static HostContext CreateContext(ClientRequest request, CapturedResponse response, ITransport transport, string? appMode)
    {
        var context = new HostContext(request, response);
        context.Environment[Key] = transport;
        if (appMode is not null)
        {
            // In development the dispatcher adds stack traces to detailed errors.
            context.Environment[OwinKeys.AppMode] = appMode;
        }

        return context;
    }

    public ITransport? GetTransport(HostContext hostContext) =>
        hostContext.Environment.TryGetValue(Key, out var transport) ? (ITransport)transport : null;

    public bool SupportsTransport(string transportName) => true;
}
