using Microsoft.AspNetCore.SignalR;

namespace Tandem.AppServer.Hubs;

/// <summary>What a hub knows about its caller.</summary>
internal sealed partial class CompatHub
{
    /// <summary>Which of several app servers this is.</summary>
    public int GetProcessId() => Environment.ProcessId;

    public string? WhoAmI() => Context.UserIdentifier;

    public HttpFacts GetHttpFacts()
    {
        var http = Context.GetHttpContext() ?? throw new HubException("There is no HttpContext.");
        return new HttpFacts
        {
            Path = http.Request.Path,
            Colour = http.Request.Query["colour"],
            QueryKeys = [.. http.Request.Query.Keys],
            Header = http.Request.Headers["X-Compat"].ToString(),
            UserAgent = http.Request.Headers.UserAgent.ToString(),
            HasAuthorizationHeader = http.Request.Headers.Authorization.Count > 0,
            IsLoopback = http.Connection.RemoteIpAddress is { } address && System.Net.IPAddress.IsLoopback(address),
        };
    }

    public string? Stamped() => Context.Items[StampFilter.Key] as string;
}
