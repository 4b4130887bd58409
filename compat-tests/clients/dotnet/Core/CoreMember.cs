using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;

namespace Tandem.Compat.Clients;

/// <summary>The .NET client of ASP.NET Core.</summary>
internal sealed class CoreMember : IMember
{
    private readonly HubConnection _connection;

    public CoreMember(MemberSettings settings, Action<string, object?> see)
    {
        _connection = CoreConnection.Create(settings);
        _connection.On<string, object?>("message", (kind, payload) => see(kind, PlainResult.Of(payload)));
#if CLIENT_RESULTS
        _connection.On<string, string>("question", text => $"{text} Yes.");
#endif
        _connection.Closed += error => Tell("closed", error?.Message);
        _connection.Reconnecting += error => Tell("reconnecting", error?.Message);
        _connection.Reconnected += id => Tell("back", id);

        Task Tell(string kind, string? text)
        {
            see(kind, text ?? "");
            return Task.CompletedTask;
        }
    }

    public async Task<string?> StartAsync()
    {
        await _connection.StartAsync();
        return _connection.ConnectionId;
    }

    public Task StopAsync() => _connection.StopAsync();

    public async Task<object?> InvokeAsync(string method, object?[] values) =>
        PlainResult.Of(await _connection.InvokeCoreAsync(method, typeof(object), values));

    public Task<List<object?>> ProgressAsync(string method, object?[] values) => throw new UnsupportedException("the library knows no progress");

    public async Task<List<object?>> StreamAsync(string method, object?[] values)
    {
        List<object?> items = [];
        await foreach (var item in _connection.StreamAsyncCore<object?>(method, values))
        {
            items.Add(PlainResult.Of(item));
            if (item?.ToString() == "100")
            {
                // A classic app server streams what a method reports as progress. The room's method waits for this at the end.
                await _connection.SendAsync("SawProgress");
            }
        }

        return items;
    }

    public Task<object?> UploadAsync(string method, object?[] items) => InvokeAsync(method, [items.ToAsyncEnumerable()]);

    public void Keep(string name, JsonElement value) => throw new UnsupportedException("the library knows no state");

    public object State() => throw new UnsupportedException("the library knows no state");

    public async Task ForgetAsync() => await _connection.DisposeAsync();
}
