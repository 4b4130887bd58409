namespace Tandem.Sdk.Connections;

/// <summary>One gateway, or one cluster of gateways behind one address, that an app server connects to.</summary>
public sealed class TandemEndpoint
{
    /// <summary>Makes an endpoint from its connection string.</summary>
    /// <param name="connectionString">See <see cref="Connections.ConnectionString"/>.</param>
    /// <param name="type">Whether clients are sent here first.</param>
    /// <param name="name">Name for logs and health reports; the address when empty.</param>
    /// <exception cref="FormatException">The connection string cannot be used.</exception>
    public TandemEndpoint(string connectionString, EndpointType type = EndpointType.Primary, string name = "")
    {
        ConnectionString = ConnectionString.Parse(connectionString);
        Type = type;
        Name = name ?? throw new ArgumentNullException(nameof(name));
    }

    /// <summary>Address and key.</summary>
    public ConnectionString ConnectionString { get; }

    /// <summary>Whether clients are sent here first.</summary>
    public EndpointType Type { get; }

    /// <summary>The given name; empty when there is none.</summary>
    public string Name { get; }

    /// <summary>Name and address, for logs.</summary>
    public override string ToString() =>
        Name.Length == 0 ? ConnectionString.Endpoint.ToString() : $"{Name} ({ConnectionString.Endpoint})";

    /// <summary>Reads the key of a configuration entry: <c>{name}</c>, <c>{name}:primary</c> or <c>{name}:secondary</c>.</summary>
    /// <exception cref="FormatException">The part behind the colon is neither, or the connection string cannot be used.</exception>
    internal static TandemEndpoint FromConfiguration(string key, string connectionString)
    {
        var separator = key.LastIndexOf(':');
        if (separator < 0)
        {
            return new TandemEndpoint(connectionString, EndpointType.Primary, key);
        }

        var suffix = key.Substring(separator + 1);
        if (!Enum.TryParse<EndpointType>(suffix, ignoreCase: true, out var type) || !Enum.IsDefined(typeof(EndpointType), type))
        {
            throw new FormatException($"The endpoint '{key}' ends with '{suffix}'; it must be 'primary' or 'secondary'.");
        }

        return new TandemEndpoint(connectionString, type, key.Substring(0, separator));
    }
}
