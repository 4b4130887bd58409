using Tandem.Compat.Tests.Mixed;

namespace Tandem.Compat.Tests.Real;

/// <summary>Every client on every transport, at the real server of its generation, directly and redirected.</summary>
public sealed class RealServerRows : TheoryData<string, string, bool>
{
    public RealServerRows()
    {
        foreach (var (client, transport) in RoomClients.All)
        {
            Add(client, transport, false);
            Add(client, transport, true);
        }
    }
}
