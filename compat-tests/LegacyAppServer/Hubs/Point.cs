namespace Tandem.LegacyAppServer;

/// <summary>A value with parts, to be carried there and back.</summary>
public class Point
{
    public int X { get; set; }

    public int Y { get; set; }

    public string? Label { get; set; }
}
