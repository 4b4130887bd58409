namespace Tandem.Routing.Diagnostics;

/// <summary>Who uses one hub with one version of one library over one transport, since the node started.</summary>
/// <param name="Hub">Name of the hub on the wire.</param>
/// <param name="Generation"><c>classic</c> or <c>core</c>.</param>
/// <param name="Library">What the clients are made with.</param>
/// <param name="Transport">Name of the transport.</param>
/// <param name="Connected">Connections now.</param>
/// <param name="Connections">All connections there were.</param>
/// <param name="Users">Different users among them; clients without a user count for none.</param>
/// <param name="HasMoreUsers">Whether there were more users than the node remembers.</param>
/// <param name="LastSeen">When such a client was there last; now, while one is.</param>
public sealed record ClientUsage(
    string Hub,
    string Generation,
    ClientLibrary Library,
    string Transport,
    int Connected,
    long Connections,
    int Users,
    bool HasMoreUsers,
    DateTimeOffset LastSeen);
