using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Tandem.Sdk.Core.Tests;

/// <summary>Tells clients who they are.</summary>
public sealed class WhoHub : Hub
{
    public string WhoAmI()
    {
        var user = Context.User!;
        return $"{user.Identity!.IsAuthenticated} {user.Identity.AuthenticationType} {user.Identity.Name} {user.IsInRole("boss")} {user.FindFirst("iss")?.Value}";
    }

    [Authorize(Roles = "boss")]
    public string BossOnly() => "done";

    public string Culture() => $"{CultureInfo.CurrentCulture.Name} {CultureInfo.CurrentUICulture.Name}";
}

/// <summary>Needs a signed-in user before negotiate.</summary>
[Authorize]
public sealed class MembersHub : Hub
{
}

/// <summary>Needs a role nobody has.</summary>
[Authorize(Roles = "nobody")]
public sealed class NobodysHub : Hub
{
}

/// <summary>Makes results loud, to be seen.</summary>
public sealed class ShoutingFilter : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next) =>
        (await next(invocationContext)) is string text ? text.ToUpperInvariant() : null;
}
