using Tandem.Protocols.Service;
using Tandem.Routing.Connections;

namespace Tandem.Routing.Tests.Support;

/// <summary>A client that has been connected.</summary>
internal sealed class TestClient(TestNode node, FakePhysicalConnection physical, ClientConnection connection)
{
    public FakePhysicalConnection Physical => physical;

    public ClientConnection Connection => connection;

    public string Id => connection.ConnectionId;

    /// <summary>The server connection it is paired with.</summary>
    public FakeServerConnection Server => (FakeServerConnection)connection.Pairing!.Server;

    /// <summary>The app server answers the handshake, and the client has read the answer.</summary>
    public async Task OpenAsync()
    {
        node.Messages.Route(Server, new ConnectionDataMessage(Id, Text.Bytes("{}")));
        Assert.Single(await TakeAsync());
    }

    /// <summary>What the client sees of what was sent since the last time.</summary>
    public Task<string[]> TakeAsync() => physical.TakeAsync();

    /// <summary>Sends up.</summary>
    public ValueTask<bool> SendAsync(string text) => SendUntilAsync(text, CancellationToken.None);

    public ValueTask<bool> SendUntilAsync(string text, CancellationToken closing) =>
        node.Clients.ReceiveAsync(connection, Text.Sequence(text), closing);
}
