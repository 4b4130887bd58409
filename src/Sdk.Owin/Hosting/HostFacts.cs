using System.Reflection;

namespace Tandem.Sdk.Owin;

/// <summary>What a host says about itself.</summary>
internal sealed class HostFacts
{
    private readonly IDictionary<string, object> _properties;

    public HostFacts(IDictionary<string, object>? properties)
    {
        _properties = properties ?? new Dictionary<string, object>();
    }

    /// <summary>Cancelled when the application is about to end.</summary>
    public CancellationToken Disposing => Get(OwinKeys.OnAppDisposing) is CancellationToken token ? token : CancellationToken.None;

    public string? AppMode => Get(OwinKeys.AppMode) as string;

    public TextWriter? TraceOutput => Get(OwinKeys.TraceOutput) as TextWriter;

    public IEnumerable<Assembly>? Assemblies => Get(OwinKeys.ReferencedAssemblies) as IEnumerable<Assembly>;

    private object? Get(string key) => _properties.TryGetValue(key, out var value) ? value : null;
}
