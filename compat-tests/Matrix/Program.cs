using System.CommandLine;
using System.Diagnostics;
using Tandem.Compat.Matrix;
using Tandem.Compat.Matrix.Catalogue;
using Tandem.Compat.Matrix.Reporting;
using Tandem.Compat.Matrix.Running;
using Tandem.Compat.Matrix.Scenarios;

var words = new Argument<string[]>("filter") { Description = "Words that the names of runs must contain, such as: core-js 10.0.11 webSockets redirect.", Arity = ArgumentArity.ZeroOrMore };
var diagonal = new Option<bool>("--diagonal") { Description = "One run of each client, with transports, app servers and ways in turn." };
var check = new Option<bool>("--check") { Description = "Write nothing; compare with the committed report." };
var list = new Option<bool>("--list") { Description = "Only list the runs." };
var stages = new Option<int>("--stages") { Description = "Gateways at the same time.", DefaultValueFactory = _ => new MatrixOptions().Stages };
var batch = new Option<int>("--batch") { Description = "Runs that share a gateway at the same time.", DefaultValueFactory = _ => new MatrixOptions().BatchSize };
var parallelism = new Option<int>("--parallelism") { Description = "Runs of a batch that are busy at the same time.", DefaultValueFactory = _ => new MatrixOptions().Parallelism };

var command = new RootCommand("Runs client libraries through the scenarios, and writes docs/compatibility.md and docs/compatibility.json.")
{
    words, diagonal, check, list, stages, batch, parallelism,
};
command.SetAction(async (parsed, _) =>
{
    var clients = ClientCatalogue.Read(Path.Combine(Repository.Root, "compat-tests", "Matrix", "clients"));
    var scenarios = ScenarioCatalogue.Read(Path.Combine(Repository.Root, "compat-tests", "Matrix", "scenarios.json"));
    var runs = (parsed.GetValue(diagonal) ? MatrixRun.Diagonal(clients) : MatrixRun.Runs(clients))
        .Where(run => parsed.GetValue(words)!.All(word => run.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))
        .ToArray();
    if (parsed.GetValue(list))
    {
        Console.WriteLine(string.Join('\n', runs.Select(run => run.Name)));
        return 0;
    }

    if (runs.Length == 0)
    {
        Console.Error.WriteLine("No run has all these words in its name; --list names them all.");
        return 2;
    }

    var stopwatch = Stopwatch.StartNew();
    var options = new MatrixOptions(parsed.GetValue(stages), parsed.GetValue(batch), parsed.GetValue(parallelism), parsed.GetValue(check));
    var results = await new MatrixRun(clients, scenarios, options).PlayAsync(runs);
    return new Summary(clients, scenarios, Path.Combine(Repository.Root, "docs"), Console.Out)
        .Conclude([.. MatrixJson.Report(results)], parsed.GetValue(check), stopwatch.Elapsed);
});
return await command.Parse(args).InvokeAsync();
