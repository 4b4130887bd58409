using System.Reflection;
using Microsoft.AspNet.SignalR;
using Microsoft.AspNet.SignalR.Hubs;

namespace Tandem.Sdk.Owin;

/// <summary>Where hubs can be: the assemblies the host names, or those that are loaded and know SignalR.</summary>
internal sealed class HubAssemblies : IAssemblyLocator
{
    private static readonly Assembly SignalR = typeof(Hub).Assembly;

    private readonly IEnumerable<Assembly>? _named;

    public HubAssemblies(IEnumerable<Assembly>? named)
    {
        _named = named;
    }

    // SignalR's own assembly is left out: it has no hubs, and its types cannot be listed without the libraries of Katana.
    public IList<Assembly> GetAssemblies() =>
        (_named ?? AppDomain.CurrentDomain.GetAssemblies()).Where(static assembly => assembly != SignalR && Knows(assembly)).ToList();

    private static bool Knows(Assembly assembly) =>
        !assembly.IsDynamic && Array.Exists(assembly.GetReferencedAssemblies(), static name => name.Name == SignalR.GetName().Name);
}
