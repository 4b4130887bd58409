using Newtonsoft.Json;

namespace Tandem.LegacyAppServer;

/// <summary>A value with parts, of which some are values with parts. Both generations give them the same names.</summary>
public class RoomParcel
{
    [JsonProperty("name")]
    public string? Name { get; set; }

    [JsonProperty("weight")]
    public double Weight { get; set; }

    [JsonProperty("fragile")]
    public bool Fragile { get; set; }

    [JsonProperty("labels")]
    public string[] Labels { get; set; } = [];

    [JsonProperty("inside")]
    public RoomParcel? Inside { get; set; }
}
