namespace Tandem.Routing.Servers;

/// <summary>Picks the server connection a client is paired with: its sticky app server first, then the one with the fewest clients.</summary>
internal static class ServerSelector
{
    /// <summary>The best connection for a client, or null when there is none it may have.</summary>
    /// <param name="candidates">The hub's connections; those that take no clients are passed over.</param>
    /// <param name="family">The client's family: app servers of the other one do not understand it.</param>
    /// <param name="stickyServerId">The app server the client should go to; null when any will do.</param>
    /// <param name="stickyRequired">Rather none than another app server.</param>
    public static IServerConnection? Select(
        ReadOnlySpan<IServerConnection> candidates, ProtocolFamily family, string? stickyServerId, bool stickyRequired)
    {
        if (stickyServerId is not null)
        {
            var sticky = LeastPaired(candidates, candidate => candidate.Family == family && candidate.ServerId == stickyServerId);
            if (sticky is not null || stickyRequired)
            {
                return sticky;
            }
        }

        return LeastPaired(candidates, candidate => candidate.Family == family);
    }

    /// <summary>The connection with the fewest clients among those that take clients and meet <paramref name="condition"/>.</summary>
    public static IServerConnection? LeastPaired(ReadOnlySpan<IServerConnection> candidates, Func<IServerConnection, bool> condition)
    {
        // A hub has 5 to some dozens of connections: looking at all of them is cheaper than being clever. Starting anywhere
        // spreads the clients that arrive while the counts are equal.
        IServerConnection? best = null;
        var bestCount = int.MaxValue;
        var start = candidates.Length == 0 ? 0 : Random.Shared.Next(candidates.Length);
        for (var i = 0; i < candidates.Length; i++)
        {
            var candidate = candidates[(start + i) % candidates.Length];
            if (candidate.AcceptsClients && condition(candidate) && candidate.Clients.Count is var count && count < bestCount)
            {
                best = candidate;
                bestCount = count;
            }
        }

        return best;
    }
}
