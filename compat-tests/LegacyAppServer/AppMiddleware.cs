using System.Security.Claims;
using Owin;
using Tandem.OwinHost;

namespace Tandem.LegacyAppServer;

/// <summary>What the application has in front of its hubs.</summary>
internal static class AppMiddleware
{
    /// <summary>Lets pages of any origin in, with credentials.</summary>
    public static void UseAnyOrigin(this IAppBuilder app) => app.Use((environment, next) =>
    {
        var request = (IDictionary<string, string[]>)environment["owin.RequestHeaders"];
        var response = (IDictionary<string, string[]>)environment["owin.ResponseHeaders"];
        if (!request.TryGetValue("Origin", out var origin))
        {
            return next();
        }

        response["Access-Control-Allow-Origin"] = origin;
        response["Access-Control-Allow-Credentials"] = ["true"];
        if ((string)environment["owin.RequestMethod"] != "OPTIONS" || !request.TryGetValue("Access-Control-Request-Method", out var method))
        {
            return next();
        }

        response["Access-Control-Allow-Methods"] = method;
        if (request.TryGetValue("Access-Control-Request-Headers", out var headers))
        {
            response["Access-Control-Allow-Headers"] = headers;
        }

        return Task.CompletedTask;
    });

    /// <summary>Believes whoever names a user: in the header X-User, the query or a cookie.</summary>
    public static void UseNamedUser(this IAppBuilder app) => app.Use((environment, next) =>
    {
        var headers = (IDictionary<string, string[]>)environment["owin.RequestHeaders"];
        var name = headers.TryGetValue("X-User", out var header) ? header[0]
            : Find((string)environment["owin.RequestQueryString"], '&') ?? (headers.TryGetValue("Cookie", out var cookies) ? Find(string.Join(";", cookies), ';') : null);
        if (!string.IsNullOrEmpty(name))
        {
            environment["server.User"] = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name!)], "legacy"));
        }

        return next();
    });

    /// <summary>Serves the files of one folder; nothing when there is none.</summary>
    public static void UseStaticFiles(this IAppBuilder app, string? folder) => app.Use(async (environment, next) =>
    {
        var name = Path.GetFileName((string)environment["owin.RequestPath"]);
        var file = folder is null ? null : Path.Combine(folder, name.Length == 0 ? "page.html" : name);
        if (!File.Exists(file))
        {
            await next();
            return;
        }

        ((IDictionary<string, string[]>)environment["owin.ResponseHeaders"])["Content-Type"] =
            [Path.GetExtension(file) == ".js" ? "application/javascript" : "text/html; charset=utf-8"];
        using var content = File.OpenRead(file);
        await content.CopyToAsync((Stream)environment["owin.ResponseBody"]);
    });

    private static string? Find(string pairs, char separator) => pairs.Split(separator).Select(static pair => pair.Trim())
        .Where(static pair => pair.StartsWith("user=", StringComparison.Ordinal)).Select(static pair => Uri.UnescapeDataString(pair.Substring(5))).FirstOrDefault();
}
