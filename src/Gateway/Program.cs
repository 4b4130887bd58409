using Tandem.Gateway.CommandLine;

return await GatewayCommandLine.RunAsync(args);
