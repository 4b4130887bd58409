using Microsoft.Extensions.Options;

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

    public void PostConfigure(string? name, LoggerFilterOptions options)
    {
        // Which rule wins depends on provider, length of the category and order, so a rule added here could be beaten by a more
        // special one. A condition on every rule cannot.
        for (var i = 0; i < options.Rules.Count; i++)
        {
            var rule = options.Rules[i];
            var inner = rule.Filter;
            options.Rules[i] = new LoggerFilterRule(
                rule.ProviderName,
                rule.CategoryName,
                rule.LogLevel,
                (provider, category, level) => !IsGuarded(category, level) && (inner?.Invoke(provider, category, level) ?? true));
        }

        // For a provider that no rule speaks of.
        foreach (var category in Categories)
        {
            options.Rules.Add(new LoggerFilterRule(null, category, LogLevel.Warning, static (_, category, level) => !IsGuarded(category, level)));
        }
    }

    private static bool IsGuarded(string? category, LogLevel level) => level < LogLevel.Warning && Categories.Contains(category);
}
