using Microsoft.AspNetCore.SignalR;

namespace Tandem.AppServer.Hubs;

/// <summary>The hub of most scenarios: calls and their results, errors, and the ends of connections.</summary>
internal sealed partial class CompatHub(Ledger ledger, IHubContext<CompatHub> context) : Hub
{
    public override Task OnConnectedAsync() => Clients.Caller.SendAsync("Welcome", Context.ConnectionId);

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        ledger.Note(EndOf(Context.ConnectionId), exception is null ? "" : exception.GetType().Name);
        return Task.CompletedTask;
    }

    public int Add(int left, int right) => left + right;

    public string Echo(string text) => text;

    public byte[] EchoBytes(byte[] bytes) => bytes;

    public Parcel EchoParcel(Parcel parcel) => parcel;

    public void Nothing()
    {
    }

    public Task NothingLater() => Task.CompletedTask;

    public void FailForTheCaller(string reason) => throw new HubException(reason);

    public void FailInside(string secret) => throw new InvalidOperationException(secret);

    public void Append(string list, int number) => ledger.Append(list, number);

    public int[] Appended(string list) => ledger.NumbersOf(list);

    public void Abort() => Context.Abort();

    /// <summary>Empty when the connection ended in an orderly way, otherwise the type of the exception.</summary>
    public Task<string> WaitForEndOf(string connectionId) => ledger.WaitForAsync(EndOf(connectionId));

    private static string EndOf(string connectionId) => "end of " + connectionId;
}
