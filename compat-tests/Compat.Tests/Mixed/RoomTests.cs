namespace Tandem.Compat.Tests.Mixed;

/// <summary>
/// Clients of both generations in one room, all at the same time, whichever generation serves it. What the scenarios are is in
/// <see cref="RoomScenarios"/>.
/// </summary>
public sealed class RoomTests(RoomStage stage)
{
    [Theory, ClassData(typeof(RoomRows))]
    public async Task Scenario(string configuration, string client, string transport, string scenario)
    {
        var run = await stage.RunOf(configuration);

        run.AssertHeld(client, transport, scenario);
    }
}
