namespace Tandem.Protocols.Service;

/// <summary>A message of a type this version does not know. It is to be counted and skipped, never an error.</summary>
public sealed class UnknownMessage : ServiceMessage
{
    /// <summary>Makes the message from the type number that was read.</summary>
    public UnknownMessage(int typeNumber)
    {
        TypeNumber = typeNumber;
    }

    /// <summary>The type number that was read.</summary>
    public int TypeNumber { get; }
}
