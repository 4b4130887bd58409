using Microsoft.Extensions.Options;
using Tandem.Protocols.Service;
using Tandem.Routing.Connections;
using Tandem.Routing.Servers;

namespace Tandem.Routing.Messages;

/// <summary>Client results that app servers wait for: who asked, and which client is to answer.</summary>
/// <remarks>An entry ends with the answer, with the client, or with its time-out; the app server that asked is told in each case.</remarks>
internal sealed class PendingInvocations(IOptions<RoutingOptions> options, TimeProvider time) : IHeartbeatHandler
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Pending> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<ClientConnection, HashSet<string>> _byClient = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byId.Count;
            }
        }
    }

    /// <summary>Remembers a question. False when there are too many, or the id is taken.</summary>
    public bool TryAdd(string invocationId, ClientConnection client, IServerConnection caller, string callerServerId)
    {
        lock (_lock)
        {
            if (_byId.Count >= options.Value.MaxPendingInvocations
                || !_byId.TryAdd(invocationId, new Pending(invocationId, client, caller, callerServerId, time.GetTimestamp())))
            {
                return false;
            }

            if (!_byClient.TryGetValue(client, out var ids))
            {
                _byClient.Add(client, ids = new HashSet<string>(StringComparer.Ordinal));
            }

            ids.Add(invocationId);
            return true;
        }
    }

    /// <summary>Takes a question out, if the client it was put to is in the hub of whoever answers.</summary>
    public bool TryRemove(string invocationId, Hubs.HubState hub, out Pending pending)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(invocationId, out pending!) || !ReferenceEquals(pending.Client.Hub, hub))
            {
                return false;
            }

            Forget(pending);
            return true;
        }
    }

    /// <summary>The client has ended: nobody will answer its questions.</summary>
    public void ClientGone(ClientConnection client) => FailAll(client, "The connection ended before it answered.");

    /// <summary>The client has moved: its answers reach an app server that knows nothing of the questions.</summary>
    public void ClientMoved(ClientConnection client) => FailAll(client, "The connection moved to another app server before it answered.");

    void IHeartbeatHandler.OnHeartbeat()
    {
        List<Pending>? late = null;
        lock (_lock)
        {
            if (_byId.Count == 0)
            {
                return;
            }

            var now = time.GetTimestamp();
            foreach (var pending in _byId.Values)
            {
                if (time.GetElapsedTime(pending.Since, now) >= options.Value.InvocationTimeout)
                {
                    (late ??= []).Add(pending);
                }
            }

            late?.ForEach(Forget);
        }

        if (late is not null)
        {
            Fail(late, "The client did not answer in time.");
        }
    }

    private void FailAll(ClientConnection client, string error)
    {
        var gone = new List<Pending>();
        lock (_lock)
        {
            if (!_byClient.Remove(client, out var ids))
            {
                return;
            }

            foreach (var id in ids)
            {
                _byId.Remove(id, out var pending);
                gone.Add(pending!);
            }
        }

        Fail(gone, error);
    }

    private static void Fail(List<Pending> all, string error)
    {
        foreach (var pending in all)
        {
            pending.ReplyTo()?.Send(new ErrorCompletionMessage(pending.InvocationId, pending.Client.ConnectionId, pending.CallerServerId, error));
        }
    }

    private void Forget(Pending pending)
    {
        _byId.Remove(pending.InvocationId);
        if (_byClient.TryGetValue(pending.Client, out var ids))
        {
            ids.Remove(pending.InvocationId);
            if (ids.Count == 0)
            {
                _byClient.Remove(pending.Client);
            }
        }
    }

    internal sealed record Pending(string InvocationId, ClientConnection Client, IServerConnection Caller, string CallerServerId, long Since)
    {
        /// <summary>The server connection the question came on or, if that is lost, any other of the same app server.</summary>
        public IServerConnection? ReplyTo()
        {
            IServerConnection? other = null;
            foreach (var candidate in Client.Hub.Servers.Snapshot())
            {
                if (ReferenceEquals(candidate, Caller))
                {
                    return candidate;
                }

                if (candidate.ServerId == Caller.ServerId)
                {
                    other = candidate;
                }
            }

            return other;
        }
    }
}
