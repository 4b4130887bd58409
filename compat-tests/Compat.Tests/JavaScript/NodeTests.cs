namespace Tandem.Compat.Tests.JavaScript;

public sealed class NodeTests(DriverRuns runs) : JavaScriptTests(runs, Runtimes.Node);
