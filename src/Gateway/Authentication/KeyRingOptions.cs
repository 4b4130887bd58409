using System.ComponentModel;

namespace Tandem.Gateway.Authentication;

/// <summary>Where the keys are that protect connection tokens of classic clients (section <c>Tandem:DataProtection</c>).</summary>
public sealed class KeyRingOptions
{
    /// <summary>
    /// Directory of the key ring. Nodes that share it take each other's connection tokens, and a node takes those it issued before it was started
    /// anew. Null keeps the keys in memory.
    /// </summary>
    [Description("Directory of the keys that protect connection tokens of classic clients; nodes that share it take each other's tokens. Kept in memory when empty: classic clients then have to start anew after a restart.")]
    public string? Directory { get; set; }
}
