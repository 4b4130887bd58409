namespace Tandem.AppServer.Hubs;

/// <summary>What <see cref="TypedHub"/> calls on its clients. Public, because SignalR implements it in an assembly of its own.</summary>
public interface ITypedClient
{
    Task Told(string text, int number);

    Task<int> HowMany();
}
