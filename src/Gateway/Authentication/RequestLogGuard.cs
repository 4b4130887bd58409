using Microsoft.Extensions.Options;
using Tandem.Gateway.Diagnostics;

namespace Tandem.Gateway.Authentication;

/// <summary>
/// Keeps whole URLs out of the log, whatever levels are configured: the query of a client's URL holds its access token. Two categories
/// of the framework write URLs, both below Warning.
/// </summary>
internal sealed class RequestLogGuard : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly string[] Categories =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests",
    ];

    public void PostConfigure(string? name, LoggerFilterOptions options) =>
        options.Restrict(Categories, static level => level >= LogLevel.Warning);
}
