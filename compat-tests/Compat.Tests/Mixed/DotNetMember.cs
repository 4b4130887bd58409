using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>The .NET client of ASP.NET Core.</summary>
internal sealed class DotNetMember(string transport, string user, Action<IHubConnectionBuilder>? build = null)
    : RoomMember(RoomClients.DotNet, transport, user)
{
    private static readonly JsonElement Null = JsonSerializer.SerializeToElement<object?>(null);

    private HubConnection? _connection;

    public HubConnection Connection => _connection ?? throw new InvalidOperationException("The client was not started.");

    public override async Task StartAsync(RoomAddress address)
    {
        var type = Transport switch
        {
            Combinations.WebSockets => HttpTransportType.WebSockets,
            Combinations.ServerSentEvents => HttpTransportType.ServerSentEvents,
            _ => HttpTransportType.LongPolling,
        };
        var builder = new HubConnectionBuilder().WithUrl(address.User is null ? address.Url : $"{address.Url}?user={address.User}", type, options =>
        {
            options.AccessTokenProvider = address.Token is null ? null : () => Task.FromResult<string?>(address.Token);
        });
        build?.Invoke(builder);
        _connection = builder.Build();
        _connection.On<string, JsonElement>("message", Messages.Add);
        _connection.Reconnecting += error => Note("reconnecting", error);
        _connection.Reconnected += id =>
        {
            Messages.Add("back", id ?? "");
            return Task.CompletedTask;
        };
        _connection.Closed += error => Note("closed", error);
        await _connection.StartAsync().Within($"start of {Name}");
        Id = _connection.ConnectionId!;
    }

    public override Task<JsonElement> InvokeAsync(string method, params object?[] values) => CallAsync(
        // Not as a JsonElement: that cannot be the null a hub may return.
        async () => await Connection.InvokeCoreAsync(method, typeof(object), values).Within($"{method} of {Name}") is JsonElement result ? result : Null);

    public override Task<JsonElement[]> InvokeWithProgressAsync(string method, params object?[] values) => CallAsync(async () =>
    {
        using var deadline = new CancellationTokenSource(Deadlines.Step);
        List<JsonElement> items = [];
        await foreach (var item in Connection.StreamAsyncCore<JsonElement>(method, values, deadline.Token))
        {
            items.Add(item);
            if (item.ToString() == "100")
            {
                await Connection.SendAsync("SawProgress", deadline.Token);
            }
        }

        return items.ToArray();
    });

    public override Task StopAsync() => Connection.StopAsync().Within($"stop of {Name}");

    public override ValueTask DisposeAsync() => _connection?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (HubException exception)
        {
            throw new RoomCallException(exception.Message);
        }
    }

    private Task Note(string kind, Exception? error)
    {
        Messages.Add(kind, error?.Message ?? "");
        return Task.CompletedTask;
    }
}
