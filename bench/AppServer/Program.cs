using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Tandem.AppServer;

var builder = WebApplication.CreateBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);

var signalR = builder.Services.AddSignalR().AddMessagePackProtocol();

// The same application either keeps its clients itself or has them on a gateway: the one difference that is measured.
if (!string.IsNullOrEmpty(builder.Configuration["Tandem:ConnectionString"]))
{
#if TANDEM
    signalR.AddTandem();
#else
    throw new InvalidOperationException("Tandem:ConnectionString is set, but this build has no Tandem.Sdk.Core.");
#endif
}

var app = builder.Build();
app.MapHub<BenchHub>("/bench");

await app.StartAsync();

// The load generator waits for this line to learn the port.
var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
Console.WriteLine($"Listening on {addresses.Addresses.First()}");

await app.WaitForShutdownAsync();
