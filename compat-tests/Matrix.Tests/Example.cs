using System.Text.Json;
using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Reporting;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Stages;

namespace Tandem.Matrix.Tests;

/// <summary>A client, and runs of it.</summary>
internal static class Example
{
    public const string RunName = "lib 1.0 webSockets owin-net direct";

    public static readonly ClientFamily Family = new("lib", "A library", Generation.Classic, "node", "json", ["webSockets", "longPolling"], [], []);

    public static readonly Client Client = new(Family, "1.0", "", Newest: true, default);

    public static readonly Run Run = new(Client, "webSockets", Server.OwinNet, Ways.Direct);

    public static ReportedRun Reported(params (string Scenario, ReportedCell Cell)[] cells) => ReportedOn(Server.OwinNet, cells);

    public static ReportedRun ReportedOn(Server server, params (string Scenario, ReportedCell Cell)[] cells) =>
        new(Family.Id, Client.Version, "", "webSockets", server.Name, Ways.Direct, cells.ToDictionary(cell => cell.Scenario, cell => cell.Cell));

    public static ReportedCell Pass { get; } = new(Outcome.Pass, 5);

    public static ReportedCell Limit { get; } = new(Outcome.Limit, 5, "it is old");

    public static ReportedCell Fail { get; } = new(Outcome.Fail, 5, "it broke");

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
