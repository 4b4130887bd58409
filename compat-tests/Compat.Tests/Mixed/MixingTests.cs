using Microsoft.AspNet.SignalR.Client;
using Microsoft.AspNetCore.SignalR.Client;
using Tandem.Compat.Tests.LifeCycle;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>Who serves whom, what settings and lost servers change about it, and what cannot be between the generations.</summary>
public sealed class MixingTests(MixingStage stage) : IClassFixture<MixingStage>
{
    [Theory, InlineData(RoomClients.ClassicDotNet, "classic"), InlineData(RoomClients.DotNet, "core")]
    public async Task Clients_prefer_app_servers_of_their_own_generation(string client, string generation)
    {
        await stage.UseWeightAsync(null);

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(generation, await MixingStage.GenerationOfAsync(await stage.ConnectAsync(client, Combinations.WebSockets)));
        }
    }

    [Theory, InlineData(0, "classic"), InlineData(100, "core")]
    public async Task A_weight_moves_new_clients_without_a_restart_and_leaves_the_others(int weight, string generation)
    {
        await stage.UseWeightAsync(null);
        var (classic, core) = (await stage.ConnectClassicAsync(), await stage.ConnectCoreAsync());

        await stage.UseWeightAsync(weight);

        foreach (var client in new[] { RoomClients.ClassicDotNet, RoomClients.DotNet })
        {
            Assert.Equal(generation, await MixingStage.GenerationOfAsync(await stage.ConnectAsync(client, Combinations.LongPolling)));
        }

        Assert.Equal("classic", await MixingStage.GenerationOfAsync(classic));
        Assert.Equal("core", await MixingStage.GenerationOfAsync(core));
    }

    [Fact]
    public async Task A_weight_of_one_hub_is_for_that_hub()
    {
        stage.Write(new { CoreWeight = 100, Hubs = new Dictionary<string, object> { [MixingStage.Application + "_room"] = new { CoreWeight = 0 } } });

        await stage.UntilServedByAsync(RoomClients.DotNet, "classic");

        await stage.UntilServedByAsync(RoomClients.ClassicDotNet, "classic");
    }

    [Fact]
    public async Task Without_mixing_nobody_is_served_by_the_other_generation()
    {
        await stage.UseWeightAsync(100);
        stage.Write(new { Enabled = false, CoreWeight = 100 });
        await stage.UntilServedByAsync(RoomClients.ClassicDotNet, "classic");

        // Hubs of one app server alone.
        var address = stage.Gateway.DirectAddressOf(MixingStage.Application + "_oracle");
        await using var core = new HubConnectionBuilder()
            .WithUrl(address.Url, options => options.AccessTokenProvider = () => Task.FromResult<string?>(address.Token)).Build();
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => core.StartAsync().Within("the refusal"));
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        using var classic = NewClassic();
        classic.CreateHubProxy("CompatHub");
        await Assert.ThrowsAnyAsync<Exception>(() => classic.Start().Within("the refusal of a classic client"));

        // Not back to no weight: who is served by whom would be the same as without mixing, and not show that the change has been read.
        await stage.UseWeightAsync(100);
        await core.StartAsync().Within("start");
        Assert.Equal("hello", await core.InvokeAsync<string>("Echo", "hello").Within("Echo"));
        using var admitted = NewClassic();
        var compat = admitted.CreateHubProxy("CompatHub");
        await admitted.Start().Within("start");
        Assert.Equal(3, await compat.Invoke<int>("Add", 1, 2).Within("Add"));
    }

    [Theory, ClassData(typeof(TransportRows))]
    public async Task An_app_server_of_ASP_NET_Core_does_not_notice_that_a_classic_client_was_away(string transport)
    {
        await stage.UseWeightAsync(100);
        await using var proxy = new CuttableProxy(stage.Gateway.Url);
        await using var client = new ClassicDotNetMember(transport, "");
        await client.StartAsync(new RoomAddress($"{proxy.Url}/aspnetclient", Token: stage.Gateway.ClassicToken(MixingStage.Application)));
        var id = client.Id;
        var sender = await stage.ConnectCoreAsync();
        var group = $"away {transport}";
        await client.InvokeAsync("Join", group);

        proxy.Cut();
        for (var number = 0; number < 20; number++)
        {
            await sender.InvokeAsync("ToGroup", group, group, $"{number}");
        }

        proxy.Restore();

        await client.Messages.CountAsync("back", 1);
        await sender.InvokeAsync("ToGroup", group, group, "20");
        Assert.Equal(Enumerable.Range(0, 21).Select(number => $"{number}"), await client.Messages.CountAsync(group, 21));
        Assert.Equal(id, client.Id);
        Assert.Equal(id, (await client.InvokeAsync("WhoAmI")).GetProperty("id").GetString());
        Assert.Equal(0, sender.Messages.Count("left", id));
        Assert.Single(stage.Core.Printed(id), $"connected {id}");

        await client.StopAsync();
        await sender.Messages.SeesAsync("left", id);
    }

    [Fact]
    public async Task A_classic_client_whose_ASP_NET_Core_server_is_lost_comes_back_at_another()
    {
        await stage.UseWeightAsync(100);
        var client = await stage.ConnectClassicAsync();
        var id = client.Id;
        await client.InvokeAsync("Join", "orphans");

        await stage.Core.KillAsync();
        try
        {
            await client.Messages.CountAsync("back", 1);
            Assert.Equal(id, client.Id);
            Assert.Equal("classic", await MixingStage.GenerationOfAsync(client));
            await client.InvokeAsync("ToGroup", "orphans", "orphans", "still here");
            await client.Messages.SeesAsync("orphans", "still here");
        }
        finally
        {
            await stage.Core.StartAsync();
        }
    }

    [Fact]
    public async Task A_Core_client_whose_classic_server_is_lost_is_told_to_come_back()
    {
        await stage.UseWeightAsync(0);
        await using var raw = await RawClient.ConnectAsync($"{stage.Core.Url}/room");
        await using var client = new DotNetMember(Combinations.WebSockets, "", builder => builder.WithAutomaticReconnect());
        await client.StartAsync(RoomAddress.AtGateway(stage.Gateway, MixingStage.Application, RoomClients.DotNet, null));
        Assert.Equal("classic", await MixingStage.GenerationOfAsync(client));

        await stage.Owin.KillAsync();
        try
        {
            Assert.Contains("\"allowReconnect\":true", await raw.ReadCloseAsync(), StringComparison.Ordinal);
            await client.Messages.CountAsync("back", 1);
            Assert.Equal("core", await MixingStage.GenerationOfAsync(client));
        }
        finally
        {
            await stage.Owin.StartAsync();
            await stage.Owin.UntilServedAsync();
        }
    }

    [Fact]
    public async Task A_stream_of_the_client_to_a_classic_hub_is_an_error_that_says_so()
    {
        await stage.UseWeightAsync(0);
        var client = await stage.ConnectCoreAsync();

        var error = await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(
            () => client.Connection.InvokeAsync<int>("Sum", Numbers()).Within("the error"));

        Assert.Contains("Sum", error.Message, StringComparison.Ordinal);
        Assert.Contains("stream", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await client.InvokeAsync("Add", 1, 2)).GetInt32());

        static async IAsyncEnumerable<int> Numbers()
        {
            for (var number = 0; number < 3; number++)
            {
                await Task.Yield();
                yield return number;
            }
        }
    }

    [Fact]
    public async Task A_question_to_a_classic_client_is_an_error_that_says_so()
    {
        await stage.UseWeightAsync(100);
        var (classic, asked, asking) = (await stage.ConnectClassicAsync(), await stage.ConnectCoreAsync(), await stage.ConnectCoreAsync());
        asked.Connection.On<string, string>("question", question => $"because of {question}");

        Assert.Equal("answer: because of why", (await asking.InvokeAsync("AskClient", asked.Id, "why")).GetString());
        var error = (await asking.InvokeAsync("AskClient", classic.Id, "why")).GetString();

        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains("question", error, StringComparison.Ordinal);
        Assert.Contains("client results", error, StringComparison.Ordinal);
        Assert.Equal("core", await MixingStage.GenerationOfAsync(classic));
    }

    [Fact]
    public async Task Progress_is_left_out_for_who_asks_for_the_result_alone()
    {
        await stage.UseWeightAsync(0);
        var core = await stage.ConnectCoreAsync();
        await core.InvokeAsync("SawProgress");
        Assert.Equal("done 4", (await core.InvokeAsync("Progress", 4)).GetString());
    }

    [Fact]
    public async Task Overloads_of_a_classic_hub_are_told_apart_by_their_number_of_arguments()
    {
        await stage.UseWeightAsync(0);
        foreach (var client in new RoomMember[] { await stage.ConnectClassicAsync(), await stage.ConnectCoreAsync() })
        {
            Assert.Equal("one: a", (await client.InvokeAsync("Overloaded", "a")).GetString());
            Assert.Equal("two: a, b", (await client.InvokeAsync("Overloaded", "a", "b")).GetString());
        }
    }

    [Fact]
    public async Task State_of_a_classic_client_stays_with_it_where_the_hub_has_none()
    {
        await stage.UseWeightAsync(100);
        var onCore = await stage.ConnectClassicAsync();
        onCore.Hub["count"] = 5;
        Assert.Equal(3, (await onCore.InvokeAsync("Add", 1, 2)).GetInt32());
        Assert.Equal(5, onCore.Hub["count"]);

        await stage.UseWeightAsync(0);
        var onClassic = await stage.ConnectClassicAsync();
        onClassic.Hub["count"] = 5;
        Assert.Equal("count 6", (await onClassic.InvokeAsync("CountInState")).GetString());
        Assert.Equal(6, onClassic.Hub["count"]);
    }

    [Fact]
    public async Task Hubs_of_one_classic_connection_are_served_by_both_generations()
    {
        await stage.UseWeightAsync(100);
        using var connection = NewClassic();
        var (room, second, compat) = (connection.CreateHubProxy("room"), connection.CreateHubProxy("SecondHub"), connection.CreateHubProxy("CompatHub"));
        var messages = new SeenMessages();
        room.On<string, string>("message", messages.Add);
        second.On<string>("shout", text => messages.Add("shout", text));
        compat.On<string>("Message", text => messages.Add("compat", text));
        await connection.Start().Within("start");

        Assert.Equal("core", await room.Invoke<string>("Generation").Within("Generation"));
        Assert.Equal("second:x", await second.Invoke<string>("Ping", "x").Within("Ping"));
        Assert.Equal(3, await compat.Invoke<int>("Add", 1, 2).Within("Add"));
        await room.Invoke("ToAll", "several", "to the room").Within("ToAll");
        await second.Invoke("Shout", "to the second").Within("Shout");
        await compat.Invoke("SendToAll", "to the third").Within("SendToAll");
        await messages.SeesAsync("several", "to the room");
        await messages.SeesAsync("shout", "to the second");
        await messages.SeesAsync("compat", "to the third");

        // The classic app server has no room of this client to leave, the other one has.
        var (witness, id) = (await stage.ConnectCoreAsync(), connection.ConnectionId);
        await Task.Run(connection.Stop).Within("stop");
        await witness.Messages.SeesAsync("left", id);
        Assert.Equal(1, witness.Messages.Count("left", id));
    }

    private Microsoft.AspNet.SignalR.Client.HubConnection NewClassic() => new(
        $"{stage.Gateway.Url}/aspnetclient",
        new Dictionary<string, string> { ["access_token"] = stage.Gateway.ClassicToken(MixingStage.Application) }, useDefaultUrl: false);
}
