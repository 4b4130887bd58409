namespace Tandem.Sdk.Connections;

/// <summary>
/// Remembers for an async flow which server connections it writes to, because only what travels on one server connection
/// keeps its order. In the calls of a client that is the client's own; elsewhere the first choice sticks.
/// </summary>
internal sealed class ServerConnectionScope
{
    private static readonly AsyncLocal<ServerConnectionScope?> Flow = new();

    private readonly object _lock = new();
    private readonly List<ServerConnectionClient> _choices = new(1);

    /// <summary>Makes a scope that prefers the given server connection, to be entered with <see cref="Enter"/>.</summary>
    public ServerConnectionScope(ServerConnectionClient? own = null)
    {
        if (own is not null)
        {
            _choices.Add(own);
        }
    }

    /// <summary>The scope of this flow; made when there is none. Call it before the first await, or it is lost.</summary>
    public static ServerConnectionScope Current => Flow.Value ??= new ServerConnectionScope();

    /// <summary>From here on the flow, and what it starts, has this scope.</summary>
    public void Enter() => Flow.Value = this;

    /// <summary>Leaves any scope, for work that belongs to nobody.</summary>
    public static void Leave() => Flow.Value = null;

    /// <summary>The choice among these connections, if one of them has been chosen before and still lives.</summary>
    public ServerConnectionClient? Find(ServerConnectionClient[] candidates)
    {
        lock (_lock)
        {
            foreach (var choice in _choices)
            {
                if (choice.IsConnected && Array.IndexOf(candidates, choice) >= 0)
                {
                    return choice;
                }
            }

            return null;
        }
    }

    public void Remember(ServerConnectionClient choice)
    {
        lock (_lock)
        {
            _choices.RemoveAll(static known => !known.IsConnected);
            _choices.Add(choice);
        }
    }
}
