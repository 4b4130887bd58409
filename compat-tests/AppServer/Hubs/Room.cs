using Microsoft.AspNetCore.SignalR;

namespace Tandem.AppServer.Hubs;

/// <summary>
/// The hub where clients of both generations meet. The classic application server of the compatibility tests has the same one, with the same
/// methods; what only one generation has is said where it is.
/// </summary>
internal sealed class Room(IHubContext<Room> context) : Hub
{
    private const string Message = "message";

    public object? Echo(object? value) => value;

    public string EchoText(string text) => text;

    public long EchoLong(long number) => number;

    public double EchoDouble(double number) => number;

    public byte[] EchoBytes(byte[] bytes) => bytes;

    public DateTime EchoDate(DateTime date) => date;

    public RoomColour EchoColour(RoomColour colour) => colour;

    public Parcel? EchoParcel(Parcel? parcel) => parcel;

    public int Add(int left, int right) => left + right;

    public void Nothing()
    {
    }

    public void Throw(string text) => throw new InvalidOperationException(text);

    public void ThrowHub(string text) => throw new HubException(text);

    public Dictionary<string, string?> WhoAmI() => new() { ["id"] = Context.ConnectionId, ["user"] = Context.UserIdentifier };

    /// <summary>Which generation serves the caller.</summary>
    public string Generation() => "core";

    public Task Join(string group) => Groups.AddToGroupAsync(Context.ConnectionId, group);

    public Task Leave(string group) => Groups.RemoveFromGroupAsync(Context.ConnectionId, group);

    public Task ToAll(string kind, string payload) => Clients.All.SendAsync(Message, kind, payload);

    /// <summary>Sends one number after the other.</summary>
    public async Task CountToAll(string kind, int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            await ToAll(kind, $"{number}");
        }
    }

    public Task ParcelToAll(string kind, Parcel parcel) => Clients.All.SendAsync(Message, kind, parcel);

    public Task ToOthers(string kind, string payload) => Clients.Others.SendAsync(Message, kind, payload);

    public Task ToCaller(string kind, string payload) => Clients.Caller.SendAsync(Message, kind, payload);

    public Task ToGroup(string group, string kind, string payload) => Clients.Group(group).SendAsync(Message, kind, payload);

    public Task ToGroupExcept(string group, string[] ids, string kind, string payload) =>
        Clients.GroupExcept(group, ids).SendAsync(Message, kind, payload);

    public Task ToUser(string user, string kind, string payload) => Clients.User(user).SendAsync(Message, kind, payload);

    public Task ToClient(string id, string kind, string payload) => Clients.Client(id).SendAsync(Message, kind, payload);

    public Task ToAllExcept(string[] ids, string kind, string payload) => Clients.AllExcept(ids).SendAsync(Message, kind, payload);

    /// <summary>Reports progress in the way of ASP.NET Core: a stream, whose last item is the result.</summary>
    public async IAsyncEnumerable<object> Progress(int steps)
    {
        for (var step = 1; step <= steps; step++)
        {
            await Task.Yield();
            yield return step * 100 / steps;
        }

        yield return "done " + steps;
    }

    /// <summary>Nothing waits for it here: what a stream brings comes in order.</summary>
    public void SawProgress()
    {
    }

    /// <summary>Only here: classic hubs take no streams.</summary>
    public async Task<int> Sum(IAsyncEnumerable<int> numbers)
    {
        var sum = 0;
        await foreach (var number in numbers)
        {
            sum += number;
        }

        return sum;
    }

    /// <summary>Asks a client, and hands its answer, or what went wrong with it, to the caller. Only here: classic hubs cannot ask.</summary>
    public async Task<string> AskClient(string id, string question)
    {
        try
        {
            return "answer: " + await context.Clients.Client(id).InvokeAsync<string>("question", question, Context.ConnectionAborted);
        }
        catch (Exception exception)
        {
            return "error: " + exception.Message;
        }
    }

    public override Task OnConnectedAsync()
    {
        Console.WriteLine($"connected {Context.ConnectionId}");
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        Console.WriteLine($"disconnected {Context.ConnectionId}");
        return Clients.All.SendAsync(Message, "left", Context.ConnectionId);
    }
}
