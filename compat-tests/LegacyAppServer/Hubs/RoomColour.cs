namespace Tandem.LegacyAppServer;

/// <summary>One of a few.</summary>
public enum RoomColour
{
    Red,
    Green,
    Blue,
}
