namespace Tandem.Gateway.CommandLine;

/// <summary>Settings of the web host that the gateway passes on, and that may be given as flags.</summary>
internal static class HostSettings
{
    /// <summary>Names and meanings, for help and documentation.</summary>
    public static IReadOnlyList<(string Name, string Description)> All { get; } =
    [
        ("urls", $"Addresses to listen on, separated by semicolons. Default: {GatewayHost.DefaultUrl}."),
        ("http_ports, https_ports", "Ports to listen on at all addresses, instead of urls."),
        ("contentRoot", "Directory of appsettings.json. Default: the current directory."),
        ("environment", "Name of the environment; appsettings.NAME.json is read too. Default: Production."),
        ("AllowedHosts", "Host names the gateway answers to, separated by semicolons. Default: any."),
        ("Logging:LogLevel:CATEGORY", "Least level that is logged: Trace, Debug, Information, Warning, Error, None. Default: Information; Warning for Microsoft."),
        ("Kestrel:Certificates:Default:Path, …:Password", "Certificate for https addresses. All of ASP.NET Core's Kestrel section applies."),
    ];

    private static readonly string[] Roots =
        [GatewayOptions.SectionName, "urls", "http_ports", "https_ports", "contentRoot", "environment", "AllowedHosts", "Logging", "Kestrel"];

    /// <summary>Whether a flag of this name sets anything.</summary>
    public static bool Knows(string name) => Roots.Contains(name.Split(':')[0], StringComparer.OrdinalIgnoreCase);
}
