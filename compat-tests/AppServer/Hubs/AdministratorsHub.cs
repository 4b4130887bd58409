using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace Tandem.AppServer.Hubs;

/// <summary>Only for administrators: a member is refused, though it has signed in.</summary>
[Authorize(Roles = MembersHub.Administrator)]
internal sealed class AdministratorsHub : Hub;
