using Tandem.Compat.Tests.JavaScript;

namespace Tandem.Compat.Tests.LifeCycle;

/// <summary>Every client over every transport in every scenario.</summary>
public sealed class LifeCycleRows : TheoryData<string, string, string>
{
    public LifeCycleRows()
    {
        foreach (var client in new[] { DotNetParticipant.Client, Runtimes.Node, Runtimes.Browser })
        {
            foreach (var transport in Combinations.Transports)
            {
                foreach (var scenario in LifeCycleScenarios.All)
                {
                    Add(client, transport, scenario);
                }
            }
        }
    }
}
