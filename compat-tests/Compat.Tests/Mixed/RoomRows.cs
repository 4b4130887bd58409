namespace Tandem.Compat.Tests.Mixed;

/// <summary>Every scenario for every member of every room.</summary>
public sealed class RoomRows : TheoryData<string, string, string, string>
{
    public RoomRows()
    {
        foreach (var configuration in RoomConfigurations.All)
        {
            foreach (var (client, transport) in RoomClients.All)
            {
                foreach (var scenario in RoomScenarios.Names)
                {
                    Add(configuration, client, transport, scenario);
                }
            }
        }
    }
}
