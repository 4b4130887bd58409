namespace Tandem.Load.Clients;

/// <summary>What a scenario does with the hub messages of its clients. Called on many threads at once.</summary>
internal interface IMessageHandler
{
    void OnMessage(HubClient client, HubMessageKind kind, ReadOnlySpan<byte> message);
}
