using Microsoft.Extensions.Options;
using Tandem.Gateway.Diagnostics;

namespace Tandem.Gateway.CommandLine;

/// <summary>
/// Keeps the framework from logging why the start failed, twice and with stack traces: the command line says it, once and readably.
/// </summary>
internal sealed class StartLogGuard : IPostConfigureOptions<LoggerFilterOptions>
{
    private static readonly string[] Categories = ["Microsoft.AspNetCore.Server.Kestrel", "Microsoft.Extensions.Hosting.Internal.Host"];

    private volatile bool _started;

    /// <summary>From now on everything is logged.</summary>
    public void Started() => _started = true;

    public void PostConfigure(string? name, LoggerFilterOptions options) => options.Restrict(Categories, _ => _started);
}
