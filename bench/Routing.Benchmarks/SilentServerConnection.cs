using System.Buffers;
using Tandem.Protocols.Service;
using Tandem.Routing;
using Tandem.Routing.Hubs;
using Tandem.Routing.Servers;

namespace Tandem.Benchmarks;

/// <summary>A server connection that takes every client and sends what the benchmark routes in its name.</summary>
internal sealed class SilentServerConnection(HubState hub) : IServerConnection
{
    public string ServerConnectionId => "server-connection";

    public string ServerId => "app-server";

    public HubState Hub => hub;

    public ProtocolFamily Family => ProtocolFamily.Core;

    public ServerConnectionKind Kind => ServerConnectionKind.Default;

    public MigrationLevel MigrationLevel => MigrationLevel.Off;

    public bool AcceptsClients => true;

    public MemberSet Clients { get; } = new();

    public void Send(ServiceMessage message)
    {
    }

    public bool BeginPairing(Pairing pairing, OpenConnectionMessage open, ConnectionDataMessage? handshake) => true;

    public bool EndPairing(Pairing pairing, CloseConnectionMessage? message, bool clientMoves) => true;

    public ValueTask<bool> SendDataAsync(Pairing pairing, ReadOnlySequence<byte> payload, CancellationToken cancellationToken) => ValueTask.FromResult(true);
}
