namespace Tandem.Compat.Tests.Classic.LifeCycle;

/// <summary>Names, as in <c>compat-tests/js/classic/life-cycle.mjs</c>.</summary>
internal static class ClassicLifeCycleScenarios
{
    public const string TransportIsCut = "transport_is_cut_with_messages_on_their_way";
    public const string PeerIsSilent = "peer_is_silent";
    public const string TokenExpires = "token_expires_and_transport_is_cut";
    public const string AppServerIsKilled = "app_server_is_killed_and_comes_back";
    public const string GatewayIsKilled = "gateway_is_killed_and_comes_back";

    public static string[] All { get; } = [TransportIsCut, PeerIsSilent, TokenExpires, AppServerIsKilled, GatewayIsKilled];
}
