namespace Tandem.Routing.Diagnostics;

/// <summary>What a client says it is made with.</summary>
/// <param name="Name">Name of the library, such as <c>@microsoft/signalr</c>; <c>unknown</c> when it does not say.</param>
/// <param name="Version">Its version; empty when it does not say.</param>
/// <param name="Protocol">Version of the protocol it speaks, such as <c>2.1</c>.</param>
public sealed record ClientLibrary(string Name, string Version, string Protocol)
{
    /// <summary>A client that says nothing.</summary>
    public static readonly ClientLibrary Unknown = new("unknown", string.Empty, string.Empty);
}
