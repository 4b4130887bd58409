using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tandem.Routing.Mixing;

/// <summary>
/// Clients of one generation on app servers of the other (section <c>Tandem:Mixing</c>). Read anew for every client that connects, so that a
/// change needs no restart.
/// </summary>
public sealed class MixingOptions
{
    /// <summary>Whether clients may be served by app servers of the other generation. Default true.</summary>
    [Description("Whether clients may be served by app servers of the other generation.")]
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Where a hub has app servers of both generations: the share of new connections, in percent, that goes to ASP.NET Core. Default null: each
    /// client goes to its own generation.
    /// </summary>
    [Description("Where a hub has app servers of both generations: percent of new connections that go to ASP.NET Core; empty: each client goes to its own generation.")]
    [Range(0, 100)]
    public int? CoreWeight { get; set; }

    /// <summary>
    /// Largest message that is put together for a client of the other generation, in bytes. Its client is disconnected by a larger one. Default 16 MiB.
    /// </summary>
    [Description("Largest message that is put together from pieces for a client of the other generation.")]
    [Range(1024, int.MaxValue)]
    public int MaxMessageBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Other settings for single hubs, by the hub's name on the wire (<c>app_chathub</c>), in any case.</summary>
    public Dictionary<string, HubMixingOptions> Hubs { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether clients of a hub may be served by app servers of the other generation.</summary>
    internal bool IsEnabledFor(string hub) => Hubs.TryGetValue(hub, out var own) && own.Enabled is { } enabled ? enabled : Enabled;

    /// <summary>The share of new connections of a hub that goes to ASP.NET Core; null when each goes to its own generation.</summary>
    internal int? CoreWeightFor(string hub) => Hubs.TryGetValue(hub, out var own) && own.CoreWeight is { } weight ? weight : CoreWeight;
}
