namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>Every scenario for every client on every route and transport that can take part.</summary>
public sealed class ClassicLifeCycleRows : TheoryData<string, string, string, string, string>
{
    public ClassicLifeCycleRows()
    {
        foreach (var scenario in ClassicLifeCycleScenarios.All)
        {
            foreach (var client in new[] { ClassicDotNetParticipant.Client, ClassicPageParticipant.Client })
            {
                foreach (var runtime in new[] { ClassicRuns.Mono, ClassicRuns.Net })
                {
                    foreach (var (route, transport) in CombinationsOf(client, runtime, scenario))
                    {
                        Add(client, runtime, route, transport, scenario);
                    }
                }
            }
        }
    }

    /// <summary>
    /// How clients come to the gateway. Pages cost the most: where the application is on .NET there are those only that do not come
    /// through it.
    /// </summary>
    public static string[] RoutesOf(string client, string runtime) =>
        (client, runtime) == (ClassicPageParticipant.Client, ClassicRuns.Net) ? [ClassicRoutes.Direct] : ClassicRoutes.All;

    /// <summary>Routes and transports of those that can take part in a scenario.</summary>
    public static IEnumerable<(string Route, string Transport)> CombinationsOf(string client, string runtime, string scenario) =>
        from route in RoutesOf(client, runtime)
        from transport in Combinations.Transports
        where !IsDeaf(client, transport, scenario)
        select (route, transport);

    /// <summary>The .NET client never gives a poll up, however long nothing comes: silence says nothing to it there.</summary>
    private static bool IsDeaf(string client, string transport, string scenario) =>
        (client, transport, scenario) == (ClassicDotNetParticipant.Client, Combinations.LongPolling, ClassicLifeCycleScenarios.PeerIsSilent);
}
