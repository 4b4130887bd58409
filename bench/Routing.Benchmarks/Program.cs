using Tandem.Benchmarks;

// Exits with 1 when a recipient costs an allocation, so that it can stand in a check.
return await new BenchmarkRun(Console.Out).RunAsync() ? 0 : 1;
