using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;
using Tandem.Protocols.Service;

namespace Tandem.Sdk.Core.Tests;

/// <summary>What is told of hubs to clients, and to gateways for clients, of the other kind.</summary>
public sealed class HubDescriptionTests
{
    [Fact]
    public async Task Every_server_connection_begins_with_a_description_of_the_hub()
    {
        await using var app = await TestApp.StartAsync(map: static app => app.MapHub<ManyHub>("/many"));
        var server = await app.Gateway.AcceptAsync();

        var ping = await server.TakeAsync<PingMessage>(static ping => ping[ServicePing.HubKey] is not null);

        using var description = JsonDocument.Parse(ping[ServicePing.HubKey]!);
        Assert.Equal("ManyHub", description.RootElement.GetProperty("name").GetString());
        Assert.Equal(
            ["Channel", "Counter", "Inherited", "LaterChannel", "Send", "Upload", "other name", "send-off"],
            description.RootElement.GetProperty("methods").EnumerateArray().Select(static name => name.GetString()));
        Assert.Equal(["Channel", "Counter", "LaterChannel"], description.RootElement.GetProperty("streams").EnumerateArray().Select(static name => name.GetString()));
        Assert.Equal(["Upload"], description.RootElement.GetProperty("uploads").EnumerateArray().Select(static name => name.GetString()));
    }

    [Theory]
    [InlineData("/signalr/hubs")]
    [InlineData("/signalr/js/")]
    public async Task The_proxy_script_has_all_hubs_with_the_methods_a_classic_client_can_call(string path)
    {
        await using var app = await ClassicNegotiateTests.StartAsync(map: static app =>
        {
            app.MapHub<ManyHub>("/many");
            app.MapHub<WhoHub>("/who").RequireAuthorization();
        });

        using var answer = await app.Client.GetAsync(new Uri(path, UriKind.Relative));
        var script = await answer.Content.ReadAsStringAsync();

        Assert.Equal("application/javascript; charset=UTF-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("\"manyHub\": { \"channel\": \"Channel\", \"counter\": \"Counter\", \"inherited\": \"Inherited\",", script, StringComparison.Ordinal);
        Assert.Contains("\"send-off\": \"send-off\"", script, StringComparison.Ordinal);
        Assert.Contains("\"whoHub\": {", script, StringComparison.Ordinal);
        Assert.DoesNotContain("upload", script, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("$.signalR.hub = $.hubConnection(\"/signalr\", { useDefaultPath: false });", script, StringComparison.Ordinal);
    }

    public abstract class BaseHub : Hub
    {
        public string Inherited() => "";
    }

    public sealed class ManyHub : BaseHub
    {
        public override Task OnConnectedAsync() => Task.CompletedTask;

        public override Task OnDisconnectedAsync(Exception? exception) => Task.CompletedTask;

        public void Send(string text) => Clients.All.SendAsync("message", text);

        [HubMethodName("other name")]
        public void Renamed()
        {
        }

        [HubMethodName("send-off")]
        public Task Off(CancellationToken cancellationToken) => Task.CompletedTask;

        public async IAsyncEnumerable<int> Counter()
        {
            await Task.Yield();
            yield return 1;
        }

        public ChannelReader<int> Channel() => System.Threading.Channels.Channel.CreateUnbounded<int>();

        public Task<ChannelReader<int>> LaterChannel() => Task.FromResult(Channel());

        public Task Upload(IAsyncEnumerable<int> numbers, int count) => Task.CompletedTask;

        protected override void Dispose(bool disposing) => base.Dispose(disposing);

        public override string ToString() => "";

        internal void Hidden()
        {
        }
    }
}
