using Tandem.Protocols.Service;

namespace Tandem.Protocols.AspNet;

/// <summary>What must hold for the settings of classic clients that are more than a number in a range.</summary>
public static class ClassicOptionsRules
{
    private const string Section = "Tandem:Classic";

    // As in ASP.NET SignalR.
    private static readonly TimeSpan ShortestKeepAlive = TimeSpan.FromSeconds(2);

    private static readonly string[] TakenPaths =
        [ServicePaths.Server, ServicePaths.Client, ServicePaths.ClassicServer, ServicePaths.ClassicClient, "/health", "/api"];

    /// <summary>All that is wrong, one sentence each; nothing when all is well.</summary>
    public static IEnumerable<string> Check(ClassicProtocolOptions options, IReadOnlyDictionary<string, ClassicApplicationOptions> applications)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(applications);
        return CheckTimes(Section, options.KeepAlive, options.DisconnectTimeout)
            .Concat(applications.SelectMany(application => Check(application.Key, application.Value, options)))
            .Concat(CheckPaths(applications))
            .Concat(CheckNames(applications));
    }

    private static IEnumerable<string> Check(string name, ClassicApplicationOptions application, ClassicProtocolOptions options)
    {
        var section = $"{Section}:{ClassicApplications.SectionName}:{name}";
        if (!IsName(name))
        {
            yield return $"{section} is no name of an application: letters, digits, _, - and . may be in it.";
        }

        if (!string.IsNullOrEmpty(application.Application) && !IsName(application.Application))
        {
            yield return $"{section}:Application is \"{application.Application}\", which is no name of an application: letters, digits, _, - and . may be in it.";
        }

        if (!IsPath(application.Path))
        {
            yield return $"{section}:Path is \"{application.Path}\"; a path begins with a slash and ends without, and has letters, digits and ._~- between slashes, such as /signalr.";
        }
        else if (TakenPaths.FirstOrDefault(taken => Overlap(taken, application.Path)) is { } taken)
        {
            yield return $"{section}:Path is \"{application.Path}\", but {taken} is the gateway's own.";
        }

        if (string.IsNullOrEmpty(application.Authority) != string.IsNullOrEmpty(application.Audience))
        {
            yield return $"{section} needs Authority and Audience, or neither: without an audience every token of the authority would do.";
        }

        if (!string.IsNullOrEmpty(application.Authority)
            && !(Uri.TryCreate(application.Authority, UriKind.Absolute, out var authority) && (authority.Scheme == Uri.UriSchemeHttps || authority is { Scheme: "http", IsLoopback: true })))
        {
            yield return $"{section}:Authority is \"{application.Authority}\"; it must be an https URL.";
        }

        if (application.KeepAlive > TimeSpan.Zero && application.KeepAlive < ShortestKeepAlive)
        {
            yield return $"{section}:KeepAlive is {application.KeepAlive}; it must be {ShortestKeepAlive} at least, or 00:00:00 for none.";
        }

        if (application.KeepAlive is not null || application.DisconnectTimeout is not null)
        {
            var times = ClassicTimes.Of(options, application);
            foreach (var error in CheckTimes(section, times.KeepAlive, times.DisconnectTimeout))
            {
                yield return error;
            }
        }
    }

    private static IEnumerable<string> CheckTimes(string section, TimeSpan? keepAlive, TimeSpan disconnectTimeout)
    {
        if (keepAlive > disconnectTimeout / 3)
        {
            yield return $"{section}:KeepAlive is {keepAlive}; it must be a third of DisconnectTimeout ({disconnectTimeout}) at most, or empty.";
        }
    }

    private static IEnumerable<string> CheckPaths(IReadOnlyDictionary<string, ClassicApplicationOptions> applications)
    {
        var all = applications.OrderBy(static application => application.Key, StringComparer.Ordinal).ToArray();
        for (var i = 0; i < all.Length; i++)
        {
            for (var j = i + 1; j < all.Length; j++)
            {
                if (Overlap(all[i].Value.Path, all[j].Value.Path))
                {
                    yield return $"{Section}:{ClassicApplications.SectionName}: the paths of {all[i].Key} (\"{all[i].Value.Path}\") and {all[j].Key} (\"{all[j].Value.Path}\") are not apart.";
                }
            }
        }
    }

    /// <summary>
    /// On the wire a hub is called <c>application_hub</c>. Where the name of one application and an underscore begin that of another, a hub of
    /// one may be called like a hub of the other, and would be reached by what is sent to that.
    /// </summary>
    private static IEnumerable<string> CheckNames(IReadOnlyDictionary<string, ClassicApplicationOptions> applications)
    {
        var names = applications
            .Select(static application => string.IsNullOrEmpty(application.Value.Application) ? application.Key : application.Value.Application)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.OrdinalIgnoreCase)
            .ToArray();
        return
            from shorter in names
            from longer in names
            where longer.StartsWith(shorter + "_", StringComparison.OrdinalIgnoreCase)
            let rest = longer[(shorter.Length + 1)..]
            select $"{Section}:{ClassicApplications.SectionName}: the applications {shorter} and {longer} are not apart: a hub {rest}_x of {shorter} and a hub x of {longer} would have one name. Rename one of them; - in place of _ will do.";
    }

    /// <summary>Whether one path is, or is below, the other: every suffix of a path belongs to it.</summary>
    private static bool Overlap(string one, string other) =>
        (one + "/").StartsWith(other + "/", StringComparison.OrdinalIgnoreCase) || (other + "/").StartsWith(one + "/", StringComparison.OrdinalIgnoreCase);

    private static bool IsName(string name) => name.Length > 0 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');

    private static bool IsPath(string path) =>
        path.Length > 1 && path[0] == '/' && path[^1] != '/' && !path.Contains("//", StringComparison.Ordinal)
        && path.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '~' or '-');
}
