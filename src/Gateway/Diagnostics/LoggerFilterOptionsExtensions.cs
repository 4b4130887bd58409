namespace Tandem.Gateway.Diagnostics;

/// <summary>Conditions on logging that no configuration can lift.</summary>
internal static class LoggerFilterOptionsExtensions
{
    /// <summary>Drops what the categories log at levels that are not allowed, whatever rules there are.</summary>
    public static void Restrict(this LoggerFilterOptions options, string[] categories, Func<LogLevel, bool> allowed)
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
                (provider, category, level) => IsAllowed(category, level) && (inner?.Invoke(provider, category, level) ?? true));
        }

        // For a logger that no rule speaks of.
        options.Rules.Insert(0, new LoggerFilterRule(null, null, options.MinLevel, (_, category, level) => IsAllowed(category, level)));

        bool IsAllowed(string? category, LogLevel level) => !categories.Contains(category) || allowed(level);
    }
}
