using System.Text;
using Microsoft.AspNetCore.SignalR;
using Tandem.AppServer.Hubs;

namespace Tandem.Compat.Tests.DotNet;

public sealed class CallTests(CompatStage compat)
{
    [Theory, ClassData(typeof(Combinations))]
    public async Task Invoke_returns_a_result(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();

        Assert.Equal(42, await client.InvokeAsync<int>("Add", 19, 23));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Invoke_of_a_void_method_completes(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();

        await client.InvokeAsync("Nothing");
        await client.InvokeAsync("NothingLater");
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Many_invocations_at_once_find_their_results(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();

        var sums = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => client.InvokeAsync<int>("Add", number, 1000)));

        Assert.Equal(Enumerable.Range(1000, 50), sums);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task A_hub_exception_reaches_the_caller(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();

        var error = await Assert.ThrowsAsync<HubException>(() => client.InvokeAsync("FailForTheCaller", "no more tickets"));

        Assert.Contains("HubException: no more tickets", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, await client.InvokeAsync<int>("Add", 1, 1));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Any_other_exception_stays_secret(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();

        var error = await Assert.ThrowsAsync<HubException>(() => client.InvokeAsync("FailInside", "password 1234"));

        Assert.Contains("An unexpected error occurred invoking 'FailInside' on the server", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("1234", error.Message, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task An_unknown_method_is_an_error(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();

        var error = await Assert.ThrowsAsync<HubException>(() => client.InvokeAsync("NoSuchMethod"));

        Assert.Contains("NoSuchMethod", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, await client.InvokeAsync<int>("Add", 1, 1));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Sends_arrive_in_order(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();
        var list = DotNetStage.Unique("list");

        for (var number = 0; number < 200; number++)
        {
            await client.SendAsync("Append", list, number);
        }

        Assert.Equal(Enumerable.Range(0, 200), await client.InvokeAsync<int[]>("Appended", list));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Text_of_all_kinds_comes_back_unchanged(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();
        const string Text = "Grüße, Ελλάδα, עברית, 中文, 👩‍👩‍👧 \u2028\u2029 \"\\/\" \u0001\u001e\u001f\u007f \r\n\n data: <b>&amp;</b> end";

        Assert.Equal(Text, await client.InvokeAsync<string>("Echo", Text));
        Assert.Equal("", await client.InvokeAsync<string>("Echo", ""));
        Assert.Null(await client.InvokeAsync<string?>("Echo", [null]));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Bytes_come_back_unchanged(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(number => (byte)number)];

        Assert.Equal(bytes, await client.InvokeAsync<byte[]>("EchoBytes", [bytes]));
    }

    [Theory, ClassData(typeof(Combinations))]
    public async Task Objects_come_back_unchanged(string transport, string protocol)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();
        var parcel = new Parcel
        {
            Name = "Päckchen", Weight = 1234.5678, Fragile = true, Labels = ["a", "", "ü"], Inside = new Parcel { Weight = -0.25 },
        };

        Assert.Equivalent(parcel, await client.InvokeAsync<Parcel>("EchoParcel", parcel), strict: true);
    }

    [Theory, ClassData(typeof(Combinations))]
    public Task A_message_of_60_kB_passes_both_ways(string transport, string protocol) => EchoAsync(transport, protocol, 60_000);

    [Theory, ClassData(typeof(Combinations))]
    public Task A_message_of_1_MiB_passes_both_ways(string transport, string protocol) => EchoAsync(transport, protocol, 1024 * 1024);

    private async Task EchoAsync(string transport, string protocol, int length)
    {
        await using var stage = new DotNetStage(compat.AppUrl, transport, protocol);
        var client = await stage.ConnectAsync();
        var text = new StringBuilder(length);
        for (var number = 0; text.Length < length; number++)
        {
            text.Append($"{number}".PadLeft(8, '.'));
        }

        Assert.Equal(text.ToString(), await client.InvokeAsync<string>("Echo", text.ToString()));
    }
}
