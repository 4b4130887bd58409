using System.Collections.Concurrent;
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;

namespace Tandem.LegacyAppServer;

/// <summary>The hub most scenarios talk to: everything a hub method can take, give, throw or send.</summary>
[HubName("oracle")]
public class OracleHub : Hub
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource<bool>> ProgressSeen = new();

    public string Echo(string text) => text;

    public object EchoAny(object value) => value;

    public Point EchoPoint(Point point) => point;

    public int Add(int a, int b) => a + b;

    public string Optional(string a) => "one:" + a;

    public string Optional(string a, string b) => "two:" + a + "," + b;

    public void Nothing()
    {
    }

    public string? Null() => null;

    public async Task NothingAsync() => await Task.Delay(5);

    public async Task<int> Later(int milliseconds)
    {
        await Task.Delay(milliseconds);
        return milliseconds;
    }

    public Task Cancelled()
    {
        var source = new TaskCompletionSource<object>();
        source.SetCanceled();
        return source.Task;
    }

    public string Big(int size) => new('x', size);

    public Task Broadcast(string text) => Clients.All.message("all", text);

    public Task BroadcastOthers(string text) => Clients.Others.message("others", text);

    public Task BroadcastExcept(string text, string[] ids) => Clients.AllExcept(ids).message("except", text);

    public Task ToCaller(string text) => Clients.Caller.message("caller", text);

    public Task ToConnection(string id, string text) => Clients.Client(id).message("client", text);

    public Task ToConnections(string[] ids, string text) => Clients.Clients(ids).message("clients", text);

    public Task ToUser(string user, string text) => Clients.User(user).message("user", text);

    public Task ToUsers(string[] users, string text) => Clients.Users(users).message("users", text);

    public async Task Burst(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await (Task)Clients.Caller.item(i);
        }
    }

    public Task JoinGroup(string group) => Groups.Add(Context.ConnectionId, group);

    public Task LeaveGroup(string group) => Groups.Remove(Context.ConnectionId, group);

    public Task SendGroup(string group, string text) => Clients.Group(group).message("group:" + group, text);

    public Task SendGroupOthers(string group, string text) => Clients.OthersInGroup(group).message("groupOthers:" + group, text);

    public Task SendGroups(string[] groups, string text) => Clients.Groups(groups).message("groups", text);

    /// <summary>Reports, and returns when the client says that it saw the last report: but on a WebSocket the result would overtake them.</summary>
    public async Task<string> Progress(int steps, IProgress<int> progress)
    {
        var seen = ProgressSeen.GetOrAdd(Context.ConnectionId, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        for (var i = 1; i <= steps; i++)
        {
            progress.Report(i * 100 / steps);
        }

        await seen.Task;
        ProgressSeen.TryRemove(Context.ConnectionId, out _);
        return "done " + steps;
    }

    public void SawProgress() =>
        ProgressSeen.GetOrAdd(Context.ConnectionId, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(true);

    public void Throw(string message) => throw new InvalidOperationException(message);

    public async Task ThrowAsync(string message)
    {
        await Task.Delay(5);
        throw new InvalidOperationException(message);
    }

    public void ThrowHub(string message) => throw new HubException(message);

    public void ThrowHubData(string message) => throw new HubException(message, new { code = 42, why = message });

    public string State()
    {
        var name = (string)Clients.Caller.userName;
        var count = (int)(Clients.Caller.count ?? 0);
        Clients.Caller.count = count + 1;
        Clients.Caller.stamp = "s" + count;
        return "hello " + name;
    }

    public Task StateThenCall(string text)
    {
        Clients.Caller.fromServer = text;
        return Clients.Caller.message("state", text);
    }

    public object WhoAmI() => new
    {
        id = Context.ConnectionId,
        user = Context.User?.Identity?.Name,
        transport = Context.QueryString["transport"],
    };

    public Dictionary<string, string> Query() => Context.QueryString.ToDictionary(static pair => pair.Key, static pair => pair.Value);

    public Dictionary<string, string> Cookies() => Context.RequestCookies.ToDictionary(static pair => pair.Key, static pair => pair.Value.Value);

    public string? Header(string name) => Context.Headers[name];

    [Authorize]
    public string Secret() => "secret for " + Context.User.Identity!.Name;

    public override Task OnConnected() => Tell("connected");

    public override Task OnReconnected() => Tell("reconnected");

    public override Task OnDisconnected(bool stopCalled)
    {
        Output.WriteLine($"disconnected {Context.ConnectionId} stopCalled={stopCalled}");
        return base.OnDisconnected(stopCalled);
    }

    private Task Tell(string what)
    {
        Output.WriteLine($"{what} {Context.ConnectionId}");
        return Clients.Caller.lifecycle(what, Context.ConnectionId);
    }
}
