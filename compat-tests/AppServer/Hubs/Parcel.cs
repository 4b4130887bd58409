using MessagePack;

namespace Tandem.AppServer.Hubs;

/// <summary>An argument with a bit of everything in it.</summary>
[MessagePackObject]
public sealed class Parcel
{
    [Key("name")]
    public string? Name { get; set; }

    [Key("weight")]
    public double Weight { get; set; }

    [Key("fragile")]
    public bool Fragile { get; set; }

    [Key("labels")]
    public string[] Labels { get; set; } = [];

    [Key("inside")]
    public Parcel? Inside { get; set; }
}
