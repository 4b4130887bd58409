namespace Tandem.Compat.Matrix.Running;

/// <summary>Something that happens to all clients of a stage, with numbered messages to a group meanwhile.</summary>
/// <param name="Name">See <see cref="Stages.Happenings"/>.</param>
/// <param name="Group">Of those who get the messages.</param>
internal sealed record Happening(string Name, string Group)
{
    public static readonly Happening None = new("", "");

    /// <summary>How many were sent.</summary>
    public int Numbers { get; set; }
}
