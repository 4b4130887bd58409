using System.Security.Claims;
using System.Text;
using Newtonsoft.Json;
using Owin;
using Tandem.OwinHost;

namespace Tandem.LegacyAppServer;

/// <summary>Sends clients from one path to another, in the way an application sends them to its gateway.</summary>
internal static class RealRedirect
{
    private static readonly string[] OfProtocol = ["clientProtocol", "connectionToken", "connectionData", "_"];

    /// <summary>
    /// Answers negotiate requests under a path with a redirect, takes users from the access tokens it gives, and lets nobody in without one
    /// where it sends clients to.
    /// </summary>
    public static void UseRealRedirect(this IAppBuilder app, string from, string to)
    {
        app.Use((environment, next) => TakeUserAsync(environment, next, to));
        app.Map(from, branch => branch.Use((environment, next) =>
            (string)environment["owin.RequestPath"] == "/negotiate" ? NegotiateAsync(environment, to) : next()));
    }

    private static Task TakeUserAsync(IDictionary<string, object> environment, Func<Task> next, string to)
    {
        var request = new RealRequest(environment);
        var header = request.Headers["Authorization"];
        var token = header?.StartsWith("Bearer ", StringComparison.Ordinal) is true ? header.Substring(7) : request.QueryString["access_token"];
        var name = UserOf(token);
        if (name is null && request.Url.AbsolutePath.StartsWith(to, StringComparison.Ordinal))
        {
            environment["owin.ResponseStatusCode"] = 401;
            return Task.CompletedTask;
        }

        if (!environment.ContainsKey("server.User") && !string.IsNullOrEmpty(name))
        {
            environment["server.User"] = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], "redirect"));
        }

        return next();
    }

    private static async Task NegotiateAsync(IDictionary<string, object> environment, string to)
    {
        var request = new RealRequest(environment);
        var url = $"{request.Url.GetLeftPart(UriPartial.Authority)}{to}";

        // Clients before 2.1 put their paths behind the query. For later ones the redirect's query takes the place of their own.
        var query = request.Url.Query.TrimStart('?').Split('&').Where(static pair => pair.Length > 0 && !OfProtocol.Contains(pair.Split('=')[0])).ToArray();
        var isLater = Version.TryParse(request.QueryString["clientProtocol"], out var protocol) && protocol >= new Version(2, 1);
        var body = Encoding.UTF8.GetBytes(JsonConvert.SerializeObject(new
        {
            ProtocolVersion = "2.0",
            RedirectUrl = isLater && query.Length > 0 ? $"{url}?{string.Join("&", query)}" : url,
            AccessToken = TokenOf(request.User?.Identity?.Name ?? ""),
            TryWebSockets = true,
        }));
        ((IDictionary<string, string[]>)environment["owin.ResponseHeaders"])["Content-Type"] = ["application/json; charset=utf-8"];
        await ((Stream)environment["owin.ResponseBody"]).WriteAsync(body, 0, body.Length);
    }

    // Users are believed here, so there is nothing to sign; other tokens, such as a gateway's, have three parts and say nothing.
    private static string TokenOf(string user) => "user." + Convert.ToBase64String(Encoding.UTF8.GetBytes(user)).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    private static string? UserOf(string? token)
    {
        var parts = token?.Split('.') ?? [];
        if (parts.Length != 2 || parts[0] != "user")
        {
            return null;
        }

        var padding = new string('=', (4 - (parts[1].Length % 4)) % 4);
        return Encoding.UTF8.GetString(Convert.FromBase64String(parts[1].Replace('-', '+').Replace('_', '/') + padding));
    }
}
