using System.Collections.Concurrent;

namespace Tandem.Compat.Tests.JavaScript;

/// <summary>One run of the driver for each transport and hub protocol, shared by the rows of its scenarios.</summary>
public sealed class DriverRuns(CompatStage compat)
{
    private readonly ConcurrentDictionary<(string, string, string), Lazy<Task<DriverRun>>> _runs = new();

    internal Task<DriverRun> GetAsync(string runtime, string transport, string protocol) => _runs.GetOrAdd(
        (runtime, transport, protocol),
        _ => new Lazy<Task<DriverRun>>(
            () => JavaScriptDriver.RunAsync(runtime, compat.AppUrl, compat.ConnectsTo, transport, protocol))).Value;
}
