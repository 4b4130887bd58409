using Microsoft.AspNetCore.SignalR;

namespace Tandem.AppServer.Users;

/// <summary>A user is who the token says, or, without one, who the query says.</summary>
internal sealed class NamedUser : IUserIdProvider
{
    public string? GetUserId(HubConnectionContext connection) =>
        connection.User.Identity?.Name ?? (connection.GetHttpContext()?.Request.Query["user"] is { Count: > 0 } user ? user.ToString() : null);
}
