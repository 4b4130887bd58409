using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace Tandem.Compat.Clients;

/// <summary>
/// The client asks for version 11 of this assembly, whose package cannot be had everywhere. The one that comes with .NET 10 has all it uses;
/// the runtime only needs to be told that it will do.
/// </summary>
internal static class ServerSentEventsOfNet10
{
    private const string Name = "System.Net.ServerSentEvents";

    [ModuleInitializer]
    internal static void Accept() => AssemblyLoadContext.Default.Resolving += static (context, wanted) =>
        wanted.Name == Name && wanted.Version is not null ? context.LoadFromAssemblyName(new AssemblyName(Name)) : null;
}
