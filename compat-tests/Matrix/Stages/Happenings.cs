namespace Tandem.Compat.Matrix.Stages;

/// <summary>What happens to all clients of a stage at once.</summary>
internal static class Happenings
{
    /// <summary>Their connections break, and cannot be made again for a moment.</summary>
    public const string Cut = "cut";

    /// <summary>The app servers' connections to the gateway break.</summary>
    public const string ServerCut = "server-cut";

    /// <summary>Tokens that expire soon expire, and then the clients' connections break.</summary>
    public const string Expiry = "expiry";

    public static string[] All { get; } = [Cut, ServerCut, Expiry];
}
