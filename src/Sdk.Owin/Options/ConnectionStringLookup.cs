using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

/// <summary>Finds the gateways of an application whose code does not name them.</summary>
internal static class ConnectionStringLookup
{
    private const string Name = "Tandem";
    private const string Setting = "Tandem:ConnectionString";
    private const string Variable = "TANDEM_CONNECTION_STRING";
    private const string AzureName = "Azure:SignalR:ConnectionString";

#if NETFRAMEWORK
    public const string HowToConnect =
        "Tandem has no connection string. Set it in Web.config or App.config as <connectionStrings><add name=\"Tandem\" connectionString=\"…\"/> "
        + "(or <appSettings> Tandem:ConnectionString, or the environment variable TANDEM_CONNECTION_STRING), or in code: "
        + "app.MapTandemSignalR(o => o.ConnectionString = \"Endpoint=https://…;AccessKey=…;Version=1.0;\"). `tandem dev` prints one for development.";
#else
    public const string HowToConnect =
        "Tandem has no connection string. Set the environment variable TANDEM_CONNECTION_STRING (in an ASP.NET Core application also "
        + "Tandem:ConnectionString or ConnectionStrings:Tandem in configuration), or in code, in the options of AddTandemClassicHubs or MapTandemSignalR: "
        + "o => o.ConnectionString = \"Endpoint=https://…;AccessKey=…;Version=1.0;\". `tandem dev` prints one for development.";
#endif

    /// <summary>All endpoints of the application, each once.</summary>
    /// <param name="options">What the code says.</param>
    /// <param name="configured">Looks a name up in the host's configuration; null when it has none.</param>
    /// <exception cref="FormatException">A connection string cannot be used.</exception>
    public static IReadOnlyList<TandemEndpoint> Find(TandemOptions options, Func<string, string?> configured)
    {
        var endpoints = options.Endpoints.ToList();
        var text = options.ConnectionString ?? (endpoints.Count == 0 ? LookUp(configured) : null);
        if (!string.IsNullOrWhiteSpace(text))
        {
            endpoints.Insert(0, new TandemEndpoint(text!));
        }

        return endpoints.GroupBy(static endpoint => endpoint.ConnectionString.Endpoint).Select(static same => same.First()).ToList();
    }

    /// <summary>The configuration of the process: none but the environment on .NET, the configuration file as well on .NET Framework.</summary>
    public static string? FromProcess(string key)
    {
#if NETFRAMEWORK
        var value = key.StartsWith("ConnectionStrings:", StringComparison.Ordinal)
            ? System.Configuration.ConfigurationManager.ConnectionStrings[key.Substring("ConnectionStrings:".Length)]?.ConnectionString
            : System.Configuration.ConfigurationManager.AppSettings[key];
        if (!string.IsNullOrWhiteSpace(value))
        {
            return value;
        }
#endif
        return Environment.GetEnvironmentVariable(key.Replace(":", "__")) is { Length: > 0 } variable ? variable : null;
    }

    private static string? LookUp(Func<string, string?> configured) =>
        configured(Setting) ?? configured("ConnectionStrings:" + Name) ?? configured(Variable)
        ?? configured("ConnectionStrings:" + AzureName) ?? configured(AzureName);
}
