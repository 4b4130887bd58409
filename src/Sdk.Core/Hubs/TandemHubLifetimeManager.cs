using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Core;

/// <summary>What <c>Clients</c> and <c>Groups</c> of a hub do: they send service messages, and the gateway finds the clients.</summary>
/// <remarks>
/// Methods choose the server connection before they return, not in an async continuation, so that the calls of one flow
/// travel on one server connection and keep their order.
/// </remarks>
internal sealed class TandemHubLifetimeManager<THub> : HubLifetimeManager<THub>
    where THub : Hub
{
    private readonly ConcurrentDictionary<string, HubConnectionContext> _connected = new(StringComparer.Ordinal);
    private readonly HubRuntime _hub;
    private readonly IHubProtocolResolver _protocolResolver;
    private readonly IHubProtocol[] _protocols;

    public TandemHubLifetimeManager(HubRegistry hubs, IHubProtocolResolver protocolResolver)
    {
        _hub = hubs.Get(typeof(THub));
        _protocolResolver = protocolResolver;
        var supported = _hub.HubOptions.SupportedProtocols;
        _protocols = protocolResolver.AllProtocols
            .Where(protocol => supported is null || supported.Contains(protocol.Name, StringComparer.OrdinalIgnoreCase))
            .ToArray();
    }

    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        // The gateway routes by the user id chosen at negotiate, so that is what the hub sees too.
        if (_hub.FindClient(connection.ConnectionId)?.UserId is { } userId)
        {
            connection.UserIdentifier = userId;
        }

        _connected[connection.ConnectionId] = connection;
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        _connected.TryRemove(new KeyValuePair<string, HubConnectionContext>(connection.ConnectionId, connection));
        _hub.Results.FailConnection(connection.ConnectionId);
        return Task.CompletedTask;
    }

    public override Task SendAllAsync(string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        _hub.Connections.WriteAsync(new BroadcastDataMessage([], Serialize(methodName, args)));

    public override Task SendAllExceptAsync(
        string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds, CancellationToken cancellationToken = default) =>
        _hub.Connections.WriteAsync(new BroadcastDataMessage(excludedConnectionIds, Serialize(methodName, args)));

    public override Task SendConnectionAsync(string connectionId, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connectionId);
        if (_hub.FindClient(connectionId) is not { } client)
        {
            return _hub.Connections.WriteAsync(new MultiConnectionDataMessage([connectionId], Serialize(methodName, args)));
        }

        // A client of this process: only its own protocol, on its own server connection.
        var message = new MultiConnectionDataMessage([connectionId], Serialize(methodName, args, client.Protocol));
        return FinishAsync(client.Server.WriteAsync(message), message);
    }

    public override Task SendConnectionsAsync(
        IReadOnlyList<string> connectionIds, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        connectionIds.Count == 0
            ? Task.CompletedTask
            : _hub.Connections.WriteAsync(new MultiConnectionDataMessage(connectionIds, Serialize(methodName, args)));

    public override Task SendGroupAsync(string groupName, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        SendGroupExceptAsync(groupName, methodName, args, [], cancellationToken);

    public override Task SendGroupsAsync(
        IReadOnlyList<string> groupNames, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        groupNames.Count == 0
            ? Task.CompletedTask
            : _hub.Connections.WriteAsync(new MultiGroupBroadcastDataMessage(groupNames, Serialize(methodName, args)));

    public override Task SendGroupExceptAsync(
        string groupName, string methodName, object?[] args, IReadOnlyList<string> excludedConnectionIds, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(groupName);
        return _hub.Connections.WriteAsync(new GroupBroadcastDataMessage(groupName, excludedConnectionIds, Serialize(methodName, args), []));
    }

    public override Task SendUserAsync(string userId, string methodName, object?[] args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userId);
        return _hub.Connections.WriteAsync(new UserDataMessage(userId, Serialize(methodName, args)));
    }

    public override Task SendUsersAsync(
        IReadOnlyList<string> userIds, string methodName, object?[] args, CancellationToken cancellationToken = default) =>
        userIds.Count == 0
            ? Task.CompletedTask
            : _hub.Connections.WriteAsync(new MultiUserDataMessage(userIds, Serialize(methodName, args)));

    public override Task AddToGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connectionId);
        ArgumentNullException.ThrowIfNull(groupName);
        return _hub.Connections.AskAsync(ackId => new JoinGroupMessage(connectionId, groupName, ackId), cancellationToken);
    }

    public override Task RemoveFromGroupAsync(string connectionId, string groupName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connectionId);
        ArgumentNullException.ThrowIfNull(groupName);
        return _hub.Connections.AskAsync(ackId => new LeaveGroupMessage(connectionId, groupName, ackId), cancellationToken);
    }

    public override Task<T> InvokeConnectionAsync<T>(string connectionId, string methodName, object?[] args, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connectionId);
        // Made here and not in an async method, where the caller's flow would not see it.
        _ = ServerConnectionScope.Current;
        return InvokeAsync<T>(connectionId, methodName, args, cancellationToken);
    }

    public override Task SetConnectionResultAsync(string connectionId, CompletionMessage result)
    {
        if (!_hub.Results.TryTakeRouted(result.InvocationId!, connectionId))
        {
            _hub.Results.Complete(connectionId, result);
            return Task.CompletedTask;
        }

        if (_hub.FindClient(connectionId) is { } client && _connected.TryGetValue(connectionId, out var connection))
        {
            var protocol = connection.Protocol;
            var message = new ClientCompletionMessage(
                result.InvocationId!, connectionId, _hub.ServerId, protocol.Name, protocol.GetMessageBytes(result));
            return client.Server.WriteAsync(message).AsTask();
        }

        return Task.CompletedTask;
    }

    public override bool TryGetReturnType(string invocationId, [NotNullWhen(true)] out Type? type) =>
        _hub.Results.TryGetReturnType(invocationId, out type);

    private async Task<T> InvokeAsync<T>(string connectionId, string methodName, object?[] args, CancellationToken cancellationToken)
    {
        var id = _hub.Results.NewId(connectionId);
        var pending = _hub.Results.Add<T>(id, connectionId, _hub.Connections.Sets.Select(static set => set.Endpoint), _protocolResolver);
        try
        {
            await AskClientAsync(connectionId, new InvocationMessage(id, methodName, args)).ConfigureAwait(false);
            return await pending.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _hub.Results.Remove(id);
        }
    }

    private async Task FinishAsync(ValueTask<bool> written, MultiConnectionDataMessage message)
    {
        // The client's server connection is gone and the client with it. Others may still be up, or this throws.
        if (!await written.ConfigureAwait(false))
        {
            await _hub.Connections.WriteAsync(message).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// A client of this process gets the question as any other message of its own, and its completion comes to its hub
    /// connection; nobody else needs to know. For all others the gateway finds who serves them.
    /// </summary>
    private async Task AskClientAsync(string connectionId, InvocationMessage invocation)
    {
        if (_connected.TryGetValue(connectionId, out var connection) && _hub.FindClient(connectionId) is { } client)
        {
            var bytes = connection.Protocol.GetMessageBytes(invocation);
            if (!await client.Server.WriteConnectionDataAsync(connectionId, new ReadOnlySequence<byte>(bytes)).ConfigureAwait(false))
            {
                throw new IOException($"Connection '{connectionId}' has ended.");
            }

            return;
        }

        var message = new ClientInvocationMessage(invocation.InvocationId!, connectionId, _hub.ServerId, Serialize(invocation, protocolName: null));
        await _hub.Connections.WriteAsync(
            message, missed => _hub.Results.GiveUp(message.InvocationId, missed, _hub.Connections.NotConnected())).ConfigureAwait(false);
    }

    private ServicePayloads Serialize(string methodName, object?[] args, string? protocolName = null)
    {
        ArgumentNullException.ThrowIfNull(methodName);
        return Serialize(new InvocationMessage(methodName, args), protocolName);
    }

    private ServicePayloads Serialize(InvocationMessage message, string? protocolName)
    {
        if (protocolName is not null
            && Array.Find(_protocols, protocol => protocol.Name.Equals(protocolName, StringComparison.OrdinalIgnoreCase)) is { } only)
        {
            return new ServicePayloads(new ServicePayload(only.Name, only.GetMessageBytes(message)));
        }

        var payloads = new ServicePayload[_protocols.Length];
        for (var i = 0; i < payloads.Length; i++)
        {
            payloads[i] = new ServicePayload(_protocols[i].Name, _protocols[i].GetMessageBytes(message));
        }

        return new ServicePayloads(payloads);
    }
}
