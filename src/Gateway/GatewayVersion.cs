using System.Reflection;

namespace Tandem.Gateway;

/// <summary>The version of this build.</summary>
internal static class GatewayVersion
{
    /// <summary>As it was published, without the commit it was built from.</summary>
    public static string Text { get; } =
        typeof(GatewayVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
