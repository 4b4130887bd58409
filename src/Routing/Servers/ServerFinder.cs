using Microsoft.Extensions.Options;
using Tandem.Routing.Hubs;
using Tandem.Routing.Mixing;

namespace Tandem.Routing.Servers;

/// <summary>
/// Finds the app servers for a client, and waits for those that are not there yet. Clients go to app servers of their own family where there
/// are some, to those of the other one where there are none, and by the configured weight where there are both.
/// </summary>
internal sealed class ServerFinder(HubTable hubs, IOptions<RoutingOptions> options, IOptionsMonitor<MixingOptions> mixing, TimeProvider time)
{
    private volatile bool _stopped;

    /// <summary>Finds nothing any more; whoever waits is told so at once.</summary>
    public void Stop()
    {
        _stopped = true;
        hubs.Wake();
    }

    /// <summary>A server connection has come: whoever waits looks again.</summary>
    public void OnServerArrived() => hubs.Wake();

    /// <summary>The server connections for a client; null when they do not come in time.</summary>
    public async ValueTask<ServingPlan?> FindAsync(ServingRequest request, CancellationToken cancellationToken)
    {
        // Nearly always there is one. Only who must wait asks for the next arrival: first that, and then once more for a server, so that one that comes
        // in between, or a stop, is seen by one or the other.
        Task? arrival = null;
        while (!_stopped)
        {
            if (Plan(request) is { } plan)
            {
                return plan;
            }

            if (arrival is not null && !await ArrivesAsync(arrival, request.Since, cancellationToken))
            {
                return null;
            }

            arrival = hubs.NextArrival();
        }

        return null;
    }

    /// <summary>The hubs with these names, waiting for those that are not known yet; null when one does not come in time.</summary>
    public async ValueTask<HubState[]?> FindHubsAsync(IReadOnlyList<string> names, long since, CancellationToken cancellationToken)
    {
        // Only looked up, never made: clients choose these names.
        var found = names.Count == 0 ? [] : new HubState[names.Count];
        for (var i = 0; i < names.Count;)
        {
            var arrival = hubs.NextArrival();
            if (hubs.TryGet(names[i], out found[i]))
            {
                i++;
            }
            else if (_stopped || !await ArrivesAsync(arrival, since, cancellationToken))
            {
                return null;
            }
        }

        return found;
    }

    private ServingPlan? Plan(ServingRequest request) =>
        request.Family == ProtocolFamily.Core ? PlanForCore(request) : PlanForClassic(request);

    private ServingPlan? PlanForCore(ServingRequest request)
    {
        var hub = request.Hub;
        var core = Select(hub, ProtocolFamily.Core, request);
        var classic = Translates(request, hub) && hub.Application is { } application && Serves(hub, ProtocolFamily.Classic)
            ? Select(application, ProtocolFamily.Classic, request)
            : null;
        return Choose(request, hub, core, classic) is { } server ? new ServingPlan(server, []) : null;
    }

    private ServingPlan? PlanForClassic(ServingRequest request)
    {
        var classic = Select(request.Hub, ProtocolFamily.Classic, request);
        List<(HubState Hub, IServerConnection Server)>? byHub = null;
        var needsClassic = request.MemberHubs.Length == 0;
        foreach (var hub in request.MemberHubs)
        {
            var core = Select(hub, ProtocolFamily.Core, request);
            // With ASP.NET Core app servers there, only those of the hub's own say whether classic ones serve it, too: whoever may not be served by
            // the former must not end up at an application without that hub.
            var ofHub = core is null || Serves(hub, ProtocolFamily.Classic) ? classic : null;
            if (Choose(request, hub, Translates(request, hub) ? core : null, ofHub) is not { } server)
            {
                return null;
            }

            if (server.Family == ProtocolFamily.Classic)
            {
                needsClassic = true;
            }
            else
            {
                (byHub ??= []).Add((hub, server));
            }
        }

        return needsClassic && classic is null ? null : new ServingPlan(needsClassic ? classic : null, byHub ?? []);
    }

    private IServerConnection? Choose(ServingRequest request, HubState hub, IServerConnection? core, IServerConnection? classic)
    {
        if (core is null || classic is null)
        {
            return core ?? classic;
        }

        var toCore = mixing.CurrentValue.CoreWeightFor(hub.Key) is { } weight ? request.Draw < weight : request.Family == ProtocolFamily.Core;
        return toCore ? core : classic;
    }

    private bool Translates(ServingRequest request, HubState hub) => request.CanBeTranslated && mixing.CurrentValue.IsEnabledFor(hub.Key);

    private static IServerConnection? Select(HubState hub, ProtocolFamily family, ServingRequest request) =>
        ServerSelector.Select(hub.Servers.Snapshot(), family, request.StickyServerId, request.StickyRequired);

    private static bool Serves(HubState hub, ProtocolFamily family)
    {
        foreach (var server in hub.Servers.Snapshot())
        {
            if (server.Family == family && server.AcceptsClients)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Waits for an arrival, as long as a client waits for its app server.</summary>
    private async ValueTask<bool> ArrivesAsync(Task arrival, long since, CancellationToken cancellationToken)
    {
        var left = options.Value.WaitForServer - time.GetElapsedTime(since);
        if (left <= TimeSpan.Zero)
        {
            return false;
        }

        try
        {
            await arrival.WaitAsync(left, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
