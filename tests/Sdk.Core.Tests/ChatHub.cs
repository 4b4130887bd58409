using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;

namespace Tandem.Sdk.Core.Tests;

/// <summary>The hub most tests talk to: one method per thing a hub can do.</summary>
public sealed class ChatHub(HubEvents events) : Hub
{
    public override Task OnConnectedAsync()
    {
        var migration = Context.Features.Get<IConnectionMigrationFeature>();
        events.Add($"connected {Context.ConnectionId} {Context.UserIdentifier} {migration?.MigrateFrom}".TrimEnd());
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        var migration = Context.Features.Get<IConnectionMigrationFeature>();
        events.Add($"disconnected {Context.ConnectionId} {exception?.GetType().Name} {migration?.MigrateTo}".TrimEnd());
        return Task.CompletedTask;
    }

    public string Echo(string text) => text;

    public void Fail() => throw new HubException("no such luck");

    public void Abort() => Context.Abort();

    public Task Broadcast(string text) => Clients.All.SendAsync("broadcast", text);

    public async Task CallerThenAll()
    {
        await Clients.Caller.SendAsync("first");
        await Clients.All.SendAsync("second");
    }

    public Task Others(string text) => Clients.Others.SendAsync("others", text);

    public Task Join(string group) => Groups.AddToGroupAsync(Context.ConnectionId, group);

    public async Task JoinThenGroup(string group)
    {
        await Groups.AddToGroupAsync(Context.ConnectionId, group);
        await Clients.OthersInGroup(group).SendAsync("joined");
    }

    public async IAsyncEnumerable<int> Count(int to, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 1; i <= to; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return i;
            await Task.Yield();
        }
    }

    public async Task<int> Sum(ChannelReader<int> numbers)
    {
        var sum = 0;
        await foreach (var number in numbers.ReadAllAsync())
        {
            sum += number;
        }

        return sum;
    }

    public async Task<string> AskMe() => "you said " + await Clients.Caller.InvokeAsync<string>("answer", CancellationToken.None);

    public string Describe()
    {
        var http = Context.GetHttpContext()!;
        return $"{http.Request.Path}{http.Request.QueryString} {http.Request.Headers["X-Custom"]} {http.Connection.RemoteIpAddress} "
            + $"{Context.UserIdentifier} {Context.User?.Identity?.Name} {Context.User?.IsInRole("admin")}";
    }

    public async Task Wait() => await events.Gate.Task;
}
