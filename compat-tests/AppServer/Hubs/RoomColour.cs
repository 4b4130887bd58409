namespace Tandem.AppServer.Hubs;

/// <summary>One of a few.</summary>
public enum RoomColour
{
    Red,
    Green,
    Blue,
}
