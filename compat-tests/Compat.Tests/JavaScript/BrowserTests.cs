namespace Tandem.Compat.Tests.JavaScript;

public sealed class BrowserTests(DriverRuns runs) : JavaScriptTests(runs, Runtimes.Browser);
