using Microsoft.AspNetCore.SignalR.Client;

namespace Tandem.Compat.Tests.Mixed;

/// <summary>What clients are told of errors inside a hub of the other generation follows the setting of its application.</summary>
public sealed class DetailedErrorsTests(DetailedErrorsStage stage) : IClassFixture<DetailedErrorsStage>
{
    private const string Text = "no, thänk you \"at all\"";

    [Theory]
    [InlineData(false, "An unexpected error occurred invoking 'Throw' on the server.")]
    [InlineData(true, $"An unexpected error occurred invoking 'Throw' on the server. InvalidOperationException: {Text}")]
    public async Task A_classic_client_is_told_what_ASP_NET_Core_gives_out(bool isDetailed, string told)
    {
        await using var client = await stage.ConnectClassicAsync(isDetailed);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => client.Hub.Invoke("Throw", Text).Within("the error"));

        Assert.Equal(told, error.Message);
    }

    [Theory]
    [InlineData(Combinations.Json, false, "There was an error invoking Hub method 'room.Throw'.")]
    [InlineData(Combinations.Json, true, Text)]
    [InlineData(Combinations.MessagePack, false, "There was an error invoking Hub method 'room.Throw'.")]
    [InlineData(Combinations.MessagePack, true, Text)]
    public async Task A_Core_client_is_told_what_ASP_NET_SignalR_gives_out(string protocol, bool isDetailed, string told)
    {
        await using var client = await stage.ConnectCoreAsync(protocol, isDetailed);

        var error = await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(
            () => client.Connection.InvokeAsync("Throw", Text).Within("the error"));

        Assert.Equal(told, error.Message);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_HubException_of_ASP_NET_Core_keeps_its_message_and_is_one(bool isDetailed)
    {
        await using var client = await stage.ConnectClassicAsync(isDetailed);

        var error = await Assert.ThrowsAsync<Microsoft.AspNet.SignalR.Client.HubException>(() => client.Hub.Invoke("ThrowHub", Text).Within("the error"));

        Assert.Equal(Text, error.Message);
    }

    [Theory]
    [InlineData(Combinations.Json, false), InlineData(Combinations.Json, true)]
    [InlineData(Combinations.MessagePack, false), InlineData(Combinations.MessagePack, true)]
    public async Task A_HubException_of_ASP_NET_SignalR_keeps_its_message(string protocol, bool isDetailed)
    {
        await using var client = await stage.ConnectCoreAsync(protocol, isDetailed);

        var error = await Assert.ThrowsAsync<Microsoft.AspNetCore.SignalR.HubException>(
            () => client.Connection.InvokeAsync("ThrowHub", Text).Within("the error"));

        Assert.Equal(Text, error.Message);
    }
}
