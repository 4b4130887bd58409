using System.Reflection;
using System.Runtime.InteropServices;

namespace Tandem.Sdk.Owin;

/// <summary>How the SDK introduces itself to gateways.</summary>
internal static class UserAgent
{
    /// <summary>Version of this SDK.</summary>
    public static readonly string Version =
        typeof(UserAgent).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    public static readonly string Text =
        $"Tandem.Sdk.Owin/{Version} ({RuntimeInformation.FrameworkDescription}; {RuntimeInformation.OSDescription}; {RuntimeInformation.ProcessArchitecture})";
}
