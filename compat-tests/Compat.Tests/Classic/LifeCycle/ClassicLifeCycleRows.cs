namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>Every scenario for every client on every transport that can take part.</summary>
public sealed class ClassicLifeCycleRows : TheoryData<string, string, string>
{
    public ClassicLifeCycleRows()
    {
        foreach (var scenario in ClassicLifeCycleScenarios.All)
        {
            foreach (var client in new[] { ClassicDotNetParticipant.Client, ClassicPageParticipant.Client })
            {
                foreach (var transport in TransportsOf(client, scenario))
                {
                    Add(client, transport, scenario);
                }
            }
        }
    }

    /// <summary>The .NET client never gives a poll up, however long nothing comes: silence says nothing to it there.</summary>
    public static IEnumerable<string> TransportsOf(string client, string scenario) => Combinations.Transports.Where(transport =>
        (client, transport, scenario) != (ClassicDotNetParticipant.Client, Combinations.LongPolling, ClassicLifeCycleScenarios.PeerIsSilent));
}
