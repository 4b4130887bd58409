using System.Text.Json;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>A client of either generation in Node or on a page.</summary>
internal sealed class JavaScriptMember : RoomMember
{
    private readonly RoomDriver _driver;
    private readonly int[]? _retryDelays;

    public JavaScriptMember(RoomDriver driver, string client, string transport, string user, int[]? retryDelays = null)
        : base(client, transport, user)
    {
        _driver = driver;
        _retryDelays = retryDelays;
        Key = driver.Add(this);
    }

    /// <summary>Its name at the driver.</summary>
    public string Key { get; }

    public override async Task StartAsync(RoomAddress address)
    {
        var settings = new { address.Url, address.User, address.Token, Transport, RetryDelays = _retryDelays };
        await _driver.CallAsync(this, "make", new() { ["settings"] = settings });
        Id = (await _driver.CallAsync(this, "start", [])).GetString()!;
    }

    public override Task<JsonElement> InvokeAsync(string method, params object?[] values) => ActAsync("invoke", method, values);

    public override async Task<JsonElement[]> InvokeWithProgressAsync(string method, params object?[] values) =>
        [.. (await ActAsync("progress", method, values)).EnumerateArray()];

    /// <summary>Anything else its library can do.</summary>
    public Task<JsonElement> ActAsync(string act, string method, params object?[] values) =>
        _driver.CallAsync(this, act, new() { ["method"] = method, ["args"] = values });

    public override Task StopAsync() => _driver.CallAsync(this, "stop", []);

    public override async ValueTask DisposeAsync()
    {
        if (Id.Length > 0)
        {
            await StopAsync();
        }
    }
}
