using Microsoft.AspNetCore.Http;
using Tandem.Protocols.AspNet.Connections;
using Tandem.Routing.Connections;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary><c>…/start</c>, <c>…/abort</c> and <c>…/ping</c>: requests that neither carry nor get messages.</summary>
internal sealed class ClassicControlEndpoint(ClassicConnections connections, ConnectionIds ids)
{
    // With these blanks; some clients compare the text.
    private static readonly ReadOnlyMemory<byte> Pong = "{ \"Response\": \"pong\" }"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> Started = "{ \"Response\": \"started\" }"u8.ToArray();

    /// <summary>Answers a ping.</summary>
    public static Task PingAsync(HttpContext context) => ClassicAnswers.JsonAsync(context, Pong);

    /// <summary>Announces the client to its app server. Works before the client has connected, and does nothing the second time.</summary>
    public async Task StartAsync(ClassicRequest request)
    {
        if (connections.GetOrAdd(request.ConnectionId, () => request.ToClient(ids.NodeTag)) is not { } connection)
        {
            await ClassicAnswers.RefuseAsync(request.Context, CloseReason.Overloaded);
            return;
        }

        if (connection.Client.Library.Version.Length == 0)
        {
            connection.Client.Library = request.Library;
        }

        var (reason, _) = await connection.PairAsync();
        await (reason == CloseReason.None
            ? ClassicAnswers.JsonAsync(request.Context, Started)
            : ClassicAnswers.RefuseAsync(request.Context, reason));
    }

    /// <summary>Ends the connection. There is nothing to refuse: one that is not there has ended already.</summary>
    public Task AbortAsync(ClassicRequest request)
    {
        if (connections.TryGet(request.ConnectionId, out var connection))
        {
            connection.Close(CloseReason.ClientClosed);
        }

        request.Context.Response.ContentType = "text/plain";
        return Task.CompletedTask;
    }
}
