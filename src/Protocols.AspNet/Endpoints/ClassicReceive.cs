using Tandem.Protocols.AspNet.Connections;

namespace Tandem.Protocols.AspNet.Endpoints;

/// <summary>A client's request to receive.</summary>
/// <param name="Request">The request.</param>
/// <param name="Connection">Its connection.</param>
/// <param name="IsConnect">Whether the client begins, and does not come back.</param>
/// <param name="MessageId">The cursor of the last message it saw; null when it names none.</param>
/// <param name="TellsAppServer">Whether the app server is to hear that the client is back.</param>
internal sealed record ClassicReceive(
    ClassicRequest Request, ClassicConnection Connection, bool IsConnect, string? MessageId, bool TellsAppServer)
{
    /// <summary>What a client is told that has missed messages which are no longer kept.</summary>
    public const string GapText = "Messages were lost while the connection was away. Start a new one.";

    /// <summary>Gives the connection its stream, and tells the app server; or ends the connection because it cannot go on without a gap.</summary>
    public async Task<AttachResult> AttachAsync(IClassicStream stream, ClassicConnections connections)
    {
        var result = !IsConnect ? await Connection.AttachAsync(stream, Request.Version, MessageId)
            : await Connection.BeginAsync(stream, Request.Version) is null ? AttachResult.Ended
            : AttachResult.Attached;
        if (result == AttachResult.Attached && TellsAppServer)
        {
            await Connection.NotifyReconnectedAsync();
        }
        else if (result == AttachResult.Gap)
        {
            connections.EndForGap(Connection);
        }

        return result;
    }
}
