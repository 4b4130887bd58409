using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Core;

/// <summary>
/// Results that hubs await from clients. <em>Own</em> questions were asked here; <em>routed</em> ones by another app server,
/// and the answer of a client served here goes back to it as it is.
/// </summary>
internal sealed class ClientResults(TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, PendingResult> _own = new(StringComparer.Ordinal);
    private readonly RoutedQuestions _routed = new(timeProvider);
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private long _lastId;

    /// <summary>An id that no other process makes.</summary>
    public string NewId(string connectionId) => $"{connectionId}-{_prefix}-{Interlocked.Increment(ref _lastId)}";

    /// <summary>Registers a question of this app server.</summary>
    /// <param name="invocationId">From <see cref="NewId"/>.</param>
    /// <param name="connectionId">The client asked.</param>
    /// <param name="endpoints">Endpoints that are asked: it has failed when none is left that may answer.</param>
    /// <param name="protocols">Where the protocol of an answer from elsewhere is looked up.</param>
    public PendingResult<T> Add<T>(string invocationId, string connectionId, IEnumerable<TandemEndpoint> endpoints, IHubProtocolResolver protocols)
    {
        var pending = new PendingResult<T>(connectionId, endpoints, protocols);
        _own[invocationId] = pending;
        return pending;
    }

    public void Remove(string invocationId) => _own.TryRemove(invocationId, out _);

    public void AddRouted(ClientInvocationMessage invocation) => _routed.Add(invocation.InvocationId, invocation.ConnectionId);

    /// <summary>What the hub protocol must read a completion as; raw for routed ones, whose type only the asker knows.</summary>
    public bool TryGetReturnType(string invocationId, [NotNullWhen(true)] out Type? type)
    {
        type = _own.TryGetValue(invocationId, out var pending) ? pending.ResultType
            : _routed.Contains(invocationId) ? typeof(RawResult) : null;
        return type is not null;
    }

    /// <summary>Whether this completion of a client served here belongs to another app server's question.</summary>
    public bool TryTakeRouted(string invocationId, string connectionId) =>
        _routed.TryRemove(invocationId, connectionId);

    /// <summary>A client served here answered.</summary>
    public void Complete(string connectionId, CompletionMessage completion)
    {
        if (completion.InvocationId is { } id && _own.TryGetValue(id, out var pending) && pending.ConnectionId == connectionId)
        {
            _own.TryRemove(id, out _);
            pending.Complete(completion);
        }
    }

    /// <summary>A client served elsewhere answered.</summary>
    public void Complete(ClientCompletionMessage message)
    {
        if (message.Payload.IsEmpty || !_own.TryGetValue(message.InvocationId, out var pending))
        {
            return;
        }

        // The gateway sends one answer, and this is it: whatever is wrong with it, whoever waits is told.
        _own.TryRemove(message.InvocationId, out _);
        try
        {
            pending.Complete(Read(message, pending));
        }
        catch (Exception exception)
        {
            pending.Fail(new InvalidDataException($"The client's result could not be read as a message of protocol '{message.Protocol}'.", exception));
        }
    }

    /// <summary>An endpoint says that no answer will come from there.</summary>
    public void Fail(ErrorCompletionMessage message, TandemEndpoint endpoint)
    {
        GiveUp(message.InvocationId, endpoint, new HubException(message.Error));
        _routed.Remove(message.InvocationId);
    }

    /// <summary>No answer to this question will come from the endpoint.</summary>
    public void GiveUp(string invocationId, TandemEndpoint endpoint, Exception exception)
    {
        if (_own.TryGetValue(invocationId, out var pending) && pending.GiveUp(endpoint))
        {
            _own.TryRemove(invocationId, out _);
            pending.Fail(exception);
        }
    }

    /// <summary>The endpoint is not connected any more: no answer at all will come from there.</summary>
    public void FailEndpoint(TandemEndpoint endpoint, Exception exception) => FailWhere(pending => pending.GiveUp(endpoint), exception);

    public void SetInstance(ServiceMappingMessage message)
    {
        if (_own.TryGetValue(message.InvocationId, out var pending))
        {
            pending.InstanceId = message.InstanceId;
        }
    }

    public void FailInstance(string instanceId) =>
        FailWhere(pending => pending.InstanceId == instanceId, new IOException("The gateway that held the client is gone."));

    public void FailConnection(string connectionId)
    {
        FailWhere(pending => pending.ConnectionId == connectionId, new IOException($"Connection '{connectionId}' ended before it answered."));
        _routed.RemoveConnection(connectionId);
    }

    public void FailAll(Exception exception) => FailWhere(static _ => true, exception);

    private static CompletionMessage Read(ClientCompletionMessage message, PendingResult pending)
    {
        var payload = new ReadOnlySequence<byte>(message.Payload);
        var protocol = pending.Protocols.GetProtocol(message.Protocol, null)
            ?? throw new InvalidDataException("The application does not know this hub protocol.");
        return protocol.TryParseMessage(ref payload, pending, out var parsed)
            && parsed is CompletionMessage completion && completion.InvocationId == message.InvocationId && message.ConnectionId == pending.ConnectionId
                ? completion
                : throw new InvalidDataException("It is not the completion that was asked for.");
    }

    private void FailWhere(Func<PendingResult, bool> condition, Exception exception)
    {
        foreach (var entry in _own)
        {
            if (condition(entry.Value) && _own.TryRemove(entry))
            {
                entry.Value.Fail(exception);
            }
        }
    }
}
