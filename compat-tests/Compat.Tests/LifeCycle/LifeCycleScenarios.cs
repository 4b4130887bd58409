namespace Tandem.Compat.Tests.LifeCycle;

/// <summary>What happens to servers while clients are connected. The names are those in <c>compat-tests/js/life-cycle.mjs</c>.</summary>
internal static class LifeCycleScenarios
{
    public const string AppServerIsKilled = "app_server_is_killed_and_comes_back";
    public const string AppServerShutsDown = "app_server_shuts_down_gracefully";
    public const string ClientWaits = "client_is_there_before_its_app_server";
    public const string ClientIsRefused = "client_without_app_server_is_refused";
    public const string GatewayShutsDown = "gateway_shuts_down_and_comes_back";
    public const string GatewayIsKilled = "gateway_is_killed_and_comes_back";

    public static string[] All { get; } =
        [AppServerIsKilled, AppServerShutsDown, ClientWaits, GatewayShutsDown, GatewayIsKilled, ClientIsRefused];

    public static bool NeedsGateway(string scenario) => scenario is not (AppServerIsKilled or AppServerShutsDown);
}
