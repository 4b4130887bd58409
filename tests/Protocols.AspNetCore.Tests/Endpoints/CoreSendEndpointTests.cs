using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Protocols.AspNetCore.Connections;
using Tandem.Protocols.AspNetCore.Endpoints;
using Tandem.Routing;
using Tandem.Transports;

namespace Tandem.Protocols.AspNetCore.Tests.Endpoints;

public sealed class CoreSendEndpointTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddLogging().AddMetrics().AddMessageRouting().AddCoreProtocol()
        .Configure<RoutingOptions>(static options => options.WaitForServer = TimeSpan.Zero)
        .BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task A_client_that_goes_on_after_it_was_refused_is_told_that_the_connection_has_ended()
    {
        var connection = _services.GetRequiredService<CoreConnections>().TryNegotiate("chat", new ClientPrincipal(new ClaimsPrincipal()), separateToken: true, out var token)!;
        Assert.True(connection.TryStart(ClientTransports.LongPolling, Request(token, string.Empty).Request));

        // No app server: the handshake fails.
        Assert.Equal(StatusCodes.Status404NotFound, await SendAsync(token, "{\"protocol\":\"json\",\"version\":1}\u001e"));
        Assert.Equal(StatusCodes.Status404NotFound, await SendAsync(token, "{\"protocol\":\"json\",\"version\":1}\u001e"));
        Assert.Equal(StatusCodes.Status404NotFound, await SendAsync(token, "{\"type\":6}\u001e"));
    }

    private async Task<int> SendAsync(string token, string body)
    {
        var context = Request(token, body);
        await _services.GetRequiredService<CoreSendEndpoint>().HandleAsync(context);
        return context.Response.StatusCode;
    }

    private static DefaultHttpContext Request(string token, string body)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString($"?hub=chat&id={token}");
        context.Request.Body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body));
        return context;
    }
}
