using Tandem.Compat.Tests.Mixed;

namespace Tandem.Compat.Tests.Real;

/// <summary>
/// What the clients see of the gateway they see of the real servers, too: the same scenarios hold there. So a scenario that fails with some other
/// client can be tried there, to see whose failing it is.
/// </summary>
public sealed class RealServerTests(RealServerStage stage)
{
    [Theory, ClassData(typeof(RealServerRows))]
    public async Task Scenarios(string client, string transport, bool isRedirected)
    {
        var run = await stage.RunOf(RoomClients.IsClassic(client), isRedirected);

        Assert.All(RoomScenarios.Names, scenario => run.AssertHeld(client, transport, scenario));
    }
}
