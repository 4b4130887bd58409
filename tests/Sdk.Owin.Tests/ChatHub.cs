using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;

namespace Tandem.Sdk.Owin.Tests;

/// <summary>A classic hub, as they stand in the world.</summary>
[HubName("chat")]
public class ChatHub : Hub
{
    private readonly HubEvents _events;

    public ChatHub(HubEvents events)
    {
        _events = events;
    }

    public string Echo(string text) => text;

    public int Add(int a, int b) => a + b;

    public string Optional(string a) => "one:" + a;

    public string Optional(string a, string b) => "two:" + a + "," + b;

    public void Nothing()
    {
    }

    public async Task<string> Later(string text)
    {
        await Task.Yield();
        return text;
    }

    public async Task<string> Wait(string text)
    {
        await _events.Gate.Task;
        return text;
    }

    public void Block(string text)
    {
        _events.Add("block " + text);
        _events.Gate.Task.Wait();
    }

    public void Throw(string text) => throw new InvalidOperationException(text);

    public void ThrowWithData(string text) => throw new HubException(text, new { code = 42 });

    public Task All(string text) => Clients.All.message("all", text);

    public Task Others(string text) => Clients.Others.message("others", text);

    public Task Except(string text, string[] ids) => Clients.AllExcept(ids).message("except", text);

    public Task Caller(string text) => Clients.Caller.message("caller", text);

    public Task One(string id, string text) => Clients.Client(id).message("one", text);

    public Task Many(string[] ids, string text) => Clients.Clients(ids).message("many", text);

    public Task User(string user, string text) => Clients.User(user).message("user", text);

    public Task Group(string group, string text) => Clients.Group(group).message("group", text);

    public Task OthersInGroup(string group, string text) => Clients.OthersInGroup(group).message("groupOthers", text);

    public Task Groups2(string[] groups, string text) => Clients.Groups(groups).message("groups", text);

    public async Task<string> Join(string group)
    {
        await Groups.Add(Context.ConnectionId, group);
        return "joined";
    }

    public Task Leave(string group) => Groups.Remove(Context.ConnectionId, group);

    public string Steps(int count, IProgress<int> progress)
    {
        for (var i = 1; i <= count; i++)
        {
            progress.Report(i);
        }

        return "done";
    }

    public string State()
    {
        var seen = (string)Clients.Caller.name;
        Clients.Caller.name = seen + "!";
        return "hello " + seen;
    }

    public object WhoAmI() => new
    {
        id = Context.ConnectionId,
        user = Context.User?.Identity?.Name,
        admin = Context.User?.IsInRole("admin"),
        query = Context.QueryString["team"],
        foreign = Context.QueryString.Any(static pair => pair.Key.StartsWith("asrs", StringComparison.Ordinal))
            || Context.Request.Url.Query.Contains("asrs"),
        header = Context.Headers["X-Team"],
        cookie = Context.RequestCookies.TryGetValue("team", out var cookie) ? cookie.Value : null,
        path = Context.Request.Url.AbsolutePath,
    };

    public override Task OnConnected()
    {
        _events.Add("connected " + Context.ConnectionId);
        return Context.QueryString["fail"] is null ? base.OnConnected() : throw new InvalidOperationException("not today");
    }

    public override Task OnReconnected()
    {
        _events.Add("reconnected " + Context.ConnectionId);
        return base.OnReconnected();
    }

    public override async Task OnDisconnected(bool stopCalled)
    {
        if (Context.QueryString["slow"] is not null)
        {
            await _events.Gate.Task;
        }

        _events.Add($"disconnected {Context.ConnectionId} {stopCalled}");
        await base.OnDisconnected(stopCalled);
    }
}

/// <summary>No name attribute.</summary>
public class SecondHub : Hub
{
    public Task Shout(string text) => Clients.All.shout(text);

    public Task Whisper(string text) => Clients.Caller.whisper(text);
}

/// <summary>For users only.</summary>
[Authorize]
public class LockedHub : Hub
{
    public string Hello() => "hello " + Context.User.Identity!.Name;
}

/// <summary>What clients of <see cref="TypedHub"/> can do.</summary>
public interface INotes
{
    Task Note(string text, int length);

    void Forget(string text);
}

/// <summary>A hub with typed clients.</summary>
public class TypedHub : Hub<INotes>
{
    public Task Send(string text) => Clients.All.Note(text, text.Length);

    public void Reply(string text) => Clients.Caller.Forget(text);
}
