using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Tandem.Benchmarks;

// In this process: a generated project would have to obey this repository's build rules.
var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Default);
BenchmarkSwitcher.FromAssembly(typeof(FanOutBenchmarks).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
