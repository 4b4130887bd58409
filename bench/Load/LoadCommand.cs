using System.CommandLine;
using Tandem.Load.Scenarios;

namespace Tandem.Load;

/// <summary>The command line.</summary>
internal static class LoadCommand
{
    private const string All = "all";

    public static RootCommand Create(Func<LoadOptions, CancellationToken, Task<int>> run)
    {
        var connections = new Option<int>("--connections")
        {
            Description = "Clients that are held at the same time.",
            DefaultValueFactory = _ => 5000,
        };
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often each peer takes its turn. Figures are medians over the rounds.",
            DefaultValueFactory = _ => 3,
        };
        var scenario = new Option<string>("--scenario")
        {
            Description = "What is measured.",
            DefaultValueFactory = _ => All,
        };
        scenario.AcceptOnlyFromAmong([All, .. Enum.GetNames<ScenarioName>().Select(Lower)]);
        var payload = new Option<int>("--payload")
        {
            Description = "Length in bytes of the string that messages carry.",
            DefaultValueFactory = _ => 16,
        };
        var protocol = new Option<string>("--protocol")
        {
            Description = "Hub protocol of the clients.",
            DefaultValueFactory = _ => "json",
        };
        protocol.AcceptOnlyFromAmong("json", "messagepack");
        var json = new Option<string?>("--json") { Description = "File to write every single figure to." };

        Between(connections, 10, 25_000);
        Between(rounds, 1, 100);
        Between(payload, Payload.MinBytes, Payload.MaxBytes);

        var command = new RootCommand("Compares the gateway with self-hosted ASP.NET Core SignalR: CPU per message, deliveries per second, memory per idle connection.")
        {
            connections, rounds, scenario, payload, protocol, json,
        };
        command.SetAction((parsed, cancellationToken) => run(
            new LoadOptions(
                parsed.GetValue(connections),
                parsed.GetValue(rounds),
                Scenarios(parsed.GetValue(scenario)!),
                parsed.GetValue(payload),
                parsed.GetValue(protocol)!,
                parsed.GetValue(json)),
            cancellationToken));
        return command;
    }

    private static void Between(Option<int> option, int min, int max) => option.Validators.Add(result =>
    {
        if (result.GetValue(option) is var value && (value < min || value > max))
        {
            result.AddError($"{option.Name} must be {min} to {max}.");
        }
    });

    private static ScenarioName[] Scenarios(string name) => name == All ? [] : [Enum.Parse<ScenarioName>(name, ignoreCase: true)];

    private static string Lower(string name) => name.ToLowerInvariant();
}
