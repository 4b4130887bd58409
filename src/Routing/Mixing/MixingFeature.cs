namespace Tandem.Routing.Mixing;

/// <summary>What one generation has and the other has not, so that it ends between them. See docs/mixing.md.</summary>
internal enum MixingFeature
{
    /// <summary>A classic client's round-trip state, which a hub of ASP.NET Core does not see.</summary>
    State,

    /// <summary>A hub of ASP.NET Core that asks a classic client for a value.</summary>
    ClientResults,

    /// <summary>A client's stream to a hub: classic hubs take none, and classic clients have none.</summary>
    ClientStreams,

    /// <summary>A Core client that wants no more of a classic hub's progress.</summary>
    StreamCancellation,

    /// <summary>Progress of a classic hub for a Core client that asked for the result alone.</summary>
    Progress,

    /// <summary>A call that cannot be read, or for a hub that no app server serves.</summary>
    InvalidCall,

    /// <summary>A message of an app server that cannot be translated.</summary>
    Untranslatable,
}
