using Tandem.Protocols.Service;
using Tandem.Routing.Diagnostics;
using Tandem.Routing.Hubs;
using Tandem.Routing.Messages;
using Tandem.Routing.Servers;

namespace Tandem.Routing.Connections;

/// <summary>One client as one app server sees it: one id, one pairing. The socket behind it belongs to the adapter.</summary>
public sealed class ClientConnection
{
    private readonly Lock _lock = new();
    private HashSet<(HubState Hub, string Name)>? _groups;
    private bool _closed;
    private volatile Pairing? _pairing;
    private volatile Pairing[] _hubPairings = [];

    internal ClientConnection(
        ClientDescriptor descriptor, HubState hub, HubState[] memberHubs, IPhysicalConnection physical, long startTimestamp)
    {
        MemberHubs = memberHubs;
        ConnectionId = descriptor.ConnectionId;
        UserId = descriptor.UserId;
        Encoder = descriptor.Encoder;
        Transport = descriptor.Transport;
        Library = descriptor.Library;
        Hub = hub;
        Physical = physical;
        Queue = physical.Queue;
        StartTimestamp = startTimestamp;
    }

    /// <summary>Public name of the connection.</summary>
    public string ConnectionId { get; }

    /// <summary>The user, or null.</summary>
    public string? UserId { get; }

    /// <summary>The hub whose app servers serve the client; a classic client's is its application.</summary>
    public HubState Hub { get; }

    /// <summary>How frames for this client are made. A field of its own: fan-out reads it once per recipient.</summary>
    public FrameEncoder Encoder { get; }

    /// <summary>Name of the transport, for metrics.</summary>
    public string Transport { get; }

    /// <summary>What the client is made with.</summary>
    public ClientLibrary Library { get; }

    /// <summary>Whether the connection has ended.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _closed;
            }
        }
    }

    /// <summary>
    /// The bond with the app server; null before the connection is paired, and when each hub of a classic client is served by itself.
    /// </summary>
    internal Pairing? Pairing
    {
        get => _pairing;
        set => _pairing = value;
    }

    /// <summary>The bonds of a classic client with app servers of ASP.NET Core, one for each hub they serve. Usually none. Never changed in place.</summary>
    internal Pairing[] HubPairings
    {
        get => _hubPairings;
        set => _hubPairings = value;
    }

    /// <summary>Whether anything of the client goes to an app server of the other family.</summary>
    internal bool IsMixed => _hubPairings.Length > 0 || _pairing?.Translator is not null;

    internal IPhysicalConnection Physical { get; }

    /// <summary>The hubs the client is a member of beside <see cref="Hub"/>.</summary>
    internal HubState[] MemberHubs { get; }

    internal OutboundQueue Queue { get; }

    internal long StartTimestamp { get; }

    /// <summary>Repeats the opening at another app server; kept only when the client may have to move.</summary>
    internal OpenConnectionMessage? OpenMessage { get; set; }

    internal ReadOnlyMemory<byte> Handshake { get; set; }

    /// <summary>Whether app servers of the hub may reach the client.</summary>
    internal bool IsIn(HubState hub) => ReferenceEquals(Hub, hub) || Array.IndexOf(MemberHubs, hub) >= 0;

    /// <summary>The bond with a server connection; null when that does not serve the client.</summary>
    internal Pairing? PairingWith(IServerConnection server)
    {
        if (_pairing is { } main && ReferenceEquals(main.Server, server))
        {
            return main;
        }

        foreach (var pairing in _hubPairings)
        {
            if (ReferenceEquals(pairing.Server, server))
            {
                return pairing;
            }
        }

        return null;
    }

    /// <summary>Notes a membership, for the clean-up. False when the connection has ended or is in too many groups.</summary>
    internal bool TryRecordGroup(HubState hub, string group, int maxGroups)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            _groups ??= [];
            return _groups.Contains((hub, group)) || (_groups.Count < maxGroups && _groups.Add((hub, group)));
        }
    }

    internal void ForgetGroup(HubState hub, string group)
    {
        lock (_lock)
        {
            _groups?.Remove((hub, group));
        }
    }

    /// <summary>The groups of a hub that the connection is in; a copy.</summary>
    internal string[] GroupsOf(HubState hub)
    {
        lock (_lock)
        {
            return _groups is null ? [] : [.. _groups.Where(group => ReferenceEquals(group.Hub, hub)).Select(static group => group.Name)];
        }
    }

    /// <summary>Marks the connection as ended and takes its memberships out. Only the first call returns true.</summary>
    internal bool TryClose(out IReadOnlyCollection<(HubState Hub, string Name)> groups)
    {
        lock (_lock)
        {
            groups = _groups ?? (IReadOnlyCollection<(HubState Hub, string Name)>)[];
            if (_closed)
            {
                return false;
            }

            _closed = true;
            _groups = null;
            return true;
        }
    }
}
