using System.Collections.Concurrent;
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;

namespace Tandem.LegacyAppServer;

/// <summary>
/// The hub where clients of both generations meet. The other application server of the compatibility tests has the same one, with the same
/// methods; what only one generation has is said where it is.
/// </summary>
[HubName("room")]
public class RoomHub : Hub
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource<bool>> ProgressSeen = new();

    public object? Echo(object? value) => value;

    public string EchoText(string text) => text;

    public long EchoLong(long number) => number;

    public double EchoDouble(double number) => number;

    public byte[] EchoBytes(byte[] bytes) => bytes;

    public DateTime EchoDate(DateTime date) => date;

    public RoomColour EchoColour(RoomColour colour) => colour;

    public RoomParcel? EchoParcel(RoomParcel? parcel) => parcel;

    public int Add(int left, int right) => left + right;

    public void Nothing()
    {
    }

    public void Throw(string text) => throw new InvalidOperationException(text);

    public void ThrowHub(string text) => throw new HubException(text);

    public object WhoAmI() => new { id = Context.ConnectionId, user = Context.User?.Identity?.Name };

    /// <summary>Which generation serves the caller.</summary>
    public string Generation() => "classic";

    public Task Join(string group) => Groups.Add(Context.ConnectionId, group);

    public Task Leave(string group) => Groups.Remove(Context.ConnectionId, group);

    public Task ToAll(string kind, string payload) => Clients.All.message(kind, payload);

    /// <summary>Sends one number after the other.</summary>
    public async Task CountToAll(string kind, int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            await ToAll(kind, $"{number}");
        }
    }

    public Task ParcelToAll(string kind, RoomParcel parcel) => Clients.All.message(kind, parcel);

    public Task ToOthers(string kind, string payload) => Clients.Others.message(kind, payload);

    public Task ToCaller(string kind, string payload) => Clients.Caller.message(kind, payload);

    public Task ToGroup(string group, string kind, string payload) => Clients.Group(group).message(kind, payload);

    public Task ToGroupExcept(string group, string[] ids, string kind, string payload) => Clients.Group(group, ids).message(kind, payload);

    public Task ToUser(string user, string kind, string payload) => Clients.User(user).message(kind, payload);

    public Task ToClient(string id, string kind, string payload) => Clients.Client(id).message(kind, payload);

    public Task ToAllExcept(string[] ids, string kind, string payload) => Clients.AllExcept(ids).message(kind, payload);

    /// <summary>Only here: ASP.NET Core knows no overloads.</summary>
    public string Overloaded(string text) => "one: " + text;

    public string Overloaded(string text, string other) => "two: " + text + ", " + other;

    /// <summary>Keeps something at the client and reads it there. Only here: ASP.NET Core knows no such state.</summary>
    public string CountInState()
    {
        var count = (int)(Clients.Caller.count ?? 0) + 1;
        Clients.Caller.count = count;
        return "count " + count;
    }

    /// <summary>Reports, and returns when the client says that it saw the last report: but on a WebSocket the result would overtake them.</summary>
    public async Task<string> Progress(int steps, IProgress<int> progress)
    {
        var seen = SeenBy(Context.ConnectionId);
        for (var step = 1; step <= steps; step++)
        {
            progress.Report(step * 100 / steps);
        }

        await seen.Task;
        ProgressSeen.TryRemove(Context.ConnectionId, out _);
        return "done " + steps;
    }

    public void SawProgress() => SeenBy(Context.ConnectionId).TrySetResult(true);

    public override Task OnConnected()
    {
        Output.WriteLine($"connected {Context.ConnectionId}");
        return base.OnConnected();
    }

    public override Task OnDisconnected(bool stopCalled)
    {
        Output.WriteLine($"disconnected {Context.ConnectionId} stopCalled={stopCalled}");
        return Clients.All.message("left", Context.ConnectionId);
    }

    private static TaskCompletionSource<bool> SeenBy(string id) =>
        ProgressSeen.GetOrAdd(id, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
