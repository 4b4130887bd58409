using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Tandem.Protocols.Service;
using Tandem.Testing;

namespace Tandem.Sdk.Core.Tests;

/// <summary>Clients that another application, or the gateway itself, let in.</summary>
public sealed class ForeignTokenTests
{
    private static readonly KeyValuePair<string, string> Ann = new(ClaimTypes.NameIdentifier, "ann");
    private static readonly KeyValuePair<string, string> Own = new(ServiceClaims.AuthorizedBy, "core");

    [Fact]
    public async Task The_hubs_policies_are_asked_for_them()
    {
        await using var app = await TestApp.StartAsync(
            build: static builder => builder.Services.AddAuthorization(), map: static app => app.MapHub<MembersHub>("/members"));
        var server = await app.Gateway.AcceptAsync();

        await OpenAsync(server, "stranger", []);
        await OpenAsync(server, "ann", [Ann]);
        await OpenAsync(server, "asked-before", [Own]);

        Assert.Contains("not allowed", (await server.TakeAsync<CloseConnectionMessage>(static close => close.ConnectionId == "stranger")).Error, StringComparison.Ordinal);
        Assert.Equal("{}\u001e", await AnswerAsync(server, "ann"));
        Assert.Equal("{}\u001e", await AnswerAsync(server, "asked-before"));
        Assert.DoesNotContain(app.Gateway.Received.Items, static item => item.Message is CloseConnectionMessage { ConnectionId: not "stranger" });
    }

    [Fact]
    public async Task A_role_nobody_has_keeps_everybody_out()
    {
        await using var app = await TestApp.StartAsync(
            build: static builder => builder.Services.AddAuthorization(), map: static app => app.MapHub<NobodysHub>("/nobody"));
        var server = await app.Gateway.AcceptAsync();

        await OpenAsync(server, "ann", [Ann]);

        Assert.Contains("not allowed", (await server.TakeAsync<CloseConnectionMessage>()).Error, StringComparison.Ordinal);
    }

    private static async Task OpenAsync(ScriptedServerConnection server, string id, KeyValuePair<string, string>[] claims)
    {
        await server.SendAsync(new OpenConnectionMessage(id, claims, [], string.Empty, "json"));
        await server.SendAsync(new ConnectionDataMessage(id, Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e")));
    }

    private static async Task<string> AnswerAsync(ScriptedServerConnection server, string id) =>
        Encoding.UTF8.GetString((await server.TakeAsync<ConnectionDataMessage>(data => data.ConnectionId == id)).Payload.Span);
}
