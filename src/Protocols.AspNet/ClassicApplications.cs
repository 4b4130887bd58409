namespace Tandem.Protocols.AspNet;

/// <summary>The applications with clients that negotiate with the gateway itself, by name (section <c>Tandem:Classic:Applications</c>).</summary>
public sealed class ClassicApplications
{
    /// <summary>Name of the section, below <c>Tandem:Classic</c>.</summary>
    public const string SectionName = "Applications";

    /// <summary>The applications; names are compared without case. Default none.</summary>
    public Dictionary<string, ClassicApplicationOptions> Applications { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Name of the authorization policy of an application's clients, which the gateway defines.</summary>
    public static string PolicyName(string application) => "Tandem.Classic." + application;
}
