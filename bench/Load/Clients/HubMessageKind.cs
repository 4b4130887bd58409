namespace Tandem.Load.Clients;

/// <summary>The kinds of hub message a client receives, numbered as on the wire.</summary>
internal enum HubMessageKind
{
    Invocation = 1,
    Completion = 3,
    Ping = 6,
    Close = 7,
}
