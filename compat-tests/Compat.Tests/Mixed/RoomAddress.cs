namespace Tandem.Compat.Tests.Mixed;

/// <summary>Where a client finds a room, and who it is.</summary>
/// <param name="Url">What it is told to connect to.</param>
/// <param name="User">Whom its application takes it for; null where a token says that.</param>
/// <param name="Token">Who it is at the gateway; null where its application says that.</param>
internal sealed record RoomAddress(string Url, string? User = null, string? Token = null)
{
    /// <summary>At the gateway itself, for a client that does not negotiate at an application.</summary>
    public static RoomAddress AtGateway(GatewayProcess gateway, string application, string client, string? user)
    {
        if (RoomClients.IsClassic(client))
        {
            return new RoomAddress($"{gateway.Url}/aspnetclient", Token: gateway.ClassicToken(application, user));
        }

        var address = gateway.DirectAddressOf($"{application}_room", user);
        return new RoomAddress(address.Url, Token: address.Token);
    }

    /// <summary>The classic application's, which tells both kinds of clients where to go.</summary>
    public static RoomAddress OfOwin(string appUrl, string client, string? user) =>
        new(RoomClients.IsClassic(client) ? $"{appUrl}/signalr" : $"{appUrl}/signalr/room", user);

    /// <summary>The application of ASP.NET Core's, which tells both kinds of clients where to go.</summary>
    public static RoomAddress OfCore(string appUrl, string client, string? user) =>
        new(RoomClients.IsClassic(client) ? $"{appUrl}/signalr" : $"{appUrl}/room", user);
}
