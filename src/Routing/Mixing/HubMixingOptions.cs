using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Tandem.Routing.Mixing;

/// <summary>What is different for one hub; see <see cref="MixingOptions"/>.</summary>
public sealed class HubMixingOptions
{
    /// <summary>Whether its clients may be served by app servers of the other generation; null for the setting of all hubs.</summary>
    [Description("For one hub, by its name on the wire such as app_chathub: whether its clients may be served by app servers of the other generation.")]
    public bool? Enabled { get; set; }

    /// <summary>Percent of new connections that go to ASP.NET Core, where both are there; null for the setting of all hubs.</summary>
    [Description("For one hub: percent of new connections that go to ASP.NET Core, where both are there.")]
    [Range(0, 100)]
    public int? CoreWeight { get; set; }
}
