using System.Text.Json;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>A client of either generation in Node or on a page.</summary>
internal sealed class JavaScriptMember : RoomMember
{
    private readonly RoomDriver _driver;

    public JavaScriptMember(RoomDriver driver, string client, string transport, string user)
        : base(client, transport, user)
    {
        _driver = driver;
        Key = driver.Add(this);
    }

    /// <summary>Its name at the driver.</summary>
    public string Key { get; }

    public override async Task StartAsync(RoomAddress address)
    {
        var settings = new
        {
            Page = "rooms", Library = RoomClients.LibraryOf(Client), address.Url, Query = address.User is null ? new() : new Dictionary<string, string> { ["user"] = address.User }, address.Token,
            Hub = "room", Transport, Protocol = Client == RoomClients.NodeMessagePack ? "messagepack" : "json", Reconnect = false,
        };
        await _driver.CallAsync(this, "make", new() { ["settings"] = settings });
        Id = (await _driver.CallAsync(this, "start", [])).GetString()!;
    }

    public override Task<JsonElement> InvokeAsync(string method, params object?[] values) => ActAsync("invoke", method, values);

    public override async Task<JsonElement[]> InvokeWithProgressAsync(string method, params object?[] values) =>
        [.. (await ActAsync(RoomClients.IsClassic(Client) ? "progress" : "stream", method, values)).EnumerateArray()];

    public override Task StopAsync() => _driver.CallAsync(this, "stop", []);

    public override async ValueTask DisposeAsync()
    {
        if (Id.Length > 0)
        {
            await StopAsync();
        }
    }

    private Task<JsonElement> ActAsync(string act, string method, object?[] values) =>
        _driver.CallAsync(this, act, new() { ["method"] = method, ["args"] = values });
}
