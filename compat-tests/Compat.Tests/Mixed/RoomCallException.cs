namespace Tandem.Compat.Tests.Mixed;

/// <summary>What a member was told instead of a result.</summary>
internal sealed class RoomCallException(string message) : Exception(message);
