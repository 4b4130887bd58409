using System.Globalization;

namespace Tandem.Protocols.AspNet.Wire;

/// <summary>The protocol version a request speaks. Clients of release 2.0 name it in negotiate only; then it counts as 1.2.</summary>
internal static class ClassicProtocolVersion
{
    /// <summary>From here on clients call <c>/start</c>; before, connecting is starting.</summary>
    public static readonly Version WithStart = new(1, 4);

    /// <summary>From here on clients understand redirects and errors in envelopes.</summary>
    public static readonly Version WithErrors = new(2, 0);

    private static readonly Version Lowest = new(1, 2);
    private static readonly Version Highest = new(2, 0);

    /// <summary>Reads <c>clientProtocol</c>; what makes no sense counts as 1.2, what is later as 2.0.</summary>
    public static Version Read(string? text)
    {
        if (!Version.TryParse(text, out var version))
        {
            return Lowest;
        }

        version = new Version(version.Major, version.Minor);
        return version < Lowest ? Lowest : version > Highest ? Highest : version;
    }

    /// <summary>As negotiate tells it; clients compare the text.</summary>
    public static string Text(Version version) => string.Create(CultureInfo.InvariantCulture, $"{version.Major}.{version.Minor}");
}
