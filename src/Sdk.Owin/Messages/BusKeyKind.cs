namespace Tandem.Sdk.Owin;

/// <summary>The kinds of recipients a message of the bus can have.</summary>
internal enum BusKeyKind
{
    /// <summary>Nobody outside this process.</summary>
    Unknown,

    /// <summary>Every client of a hub.</summary>
    Hub,

    /// <summary>One client; if a hub is named, only if it is a client of that hub.</summary>
    Connection,

    /// <summary>The clients of one user in a hub.</summary>
    User,

    /// <summary>The members of a group.</summary>
    Group,
}
