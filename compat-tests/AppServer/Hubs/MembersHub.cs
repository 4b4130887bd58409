using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Tandem.AppServer.Hubs;

/// <summary>Only for who has signed in; one of its methods only for administrators.</summary>
[Authorize]
internal sealed class MembersHub : Hub
{
    public const string Administrator = "administrator";

    public Identity WhoAmI() => new()
    {
        User = Context.UserIdentifier,
        Name = Context.User?.Identity?.Name,
        IsAuthenticated = Context.User?.Identity?.IsAuthenticated == true,
        IsAdministrator = Context.User?.IsInRole(Administrator) == true,
        Colours = [.. (Context.User?.FindAll("colour") ?? []).Select(claim => claim.Value)],
        ClaimTypes = [.. (Context.User?.Claims ?? []).Select(claim => claim.Type)],
    };

    [Authorize(Roles = Administrator)]
    public string Administrate() => "done";
}
