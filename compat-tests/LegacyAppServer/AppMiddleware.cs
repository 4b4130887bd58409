using System.Security.Claims;
using System.Text;
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
            : Find((string)environment["owin.RequestQueryString"], '&', "user") ?? (headers.TryGetValue("Cookie", out var cookies) ? Find(string.Join(";", cookies), ';', "user") : null);
        if (!string.IsNullOrEmpty(name))
        {
            environment["server.User"] = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name!)], "legacy"));
        }

        return next();
    });

    /// <summary>Tells at <c>/ledger?id=ID</c> what the application has printed about a connection.</summary>
    public static void UseLedger(this IAppBuilder app) => app.Use(async (environment, next) =>
    {
        if ((string)environment["owin.RequestPath"] != "/ledger" || Find((string)environment["owin.RequestQueryString"], '&', "id") is not { } id)
        {
            await next();
            return;
        }

        ((IDictionary<string, string[]>)environment["owin.ResponseHeaders"])["Content-Type"] = ["text/plain; charset=utf-8"];
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(string.Join("\n", Output.LinesWith(id))));
        await text.CopyToAsync((Stream)environment["owin.ResponseBody"]);
    });

    /// <summary>Serves the files of a folder and those below it; nothing when there is none.</summary>
    public static void UseStaticFiles(this IAppBuilder app, string? folder) => app.Use(async (environment, next) =>
    {
        var file = folder is null ? null : FileOf(folder, (string)environment["owin.RequestPath"]);
        if (file is null)
        {
            await next();
            return;
        }

        ((IDictionary<string, string[]>)environment["owin.ResponseHeaders"])["Content-Type"] =
            [Path.GetExtension(file) is ".js" or ".mjs" ? "application/javascript; charset=utf-8" : "text/html; charset=utf-8"];
        using var content = File.OpenRead(file);
        await content.CopyToAsync((Stream)environment["owin.ResponseBody"]);
    });

    private static string? FileOf(string folder, string path)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var file = Path.GetFullPath(root + (path is "/" or "" ? "page.html" : path.TrimStart('/')));
        return file.StartsWith(root, StringComparison.Ordinal) && File.Exists(file) ? file : null;
    }

    private static string? Find(string pairs, char separator, string name) => pairs.Split(separator).Select(static pair => pair.Trim())
        .Where(pair => pair.StartsWith(name + "=", StringComparison.Ordinal)).Select(pair => Uri.UnescapeDataString(pair.Substring(name.Length + 1))).FirstOrDefault();
}
