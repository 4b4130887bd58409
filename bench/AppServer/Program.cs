using Tandem.AppServer;

var builder = WebApplication.CreateBuilder(args);

// Silent under load, but for the line from which the load generator learns the port.
builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);

var signalR = builder.Services.AddSignalR().AddMessagePackProtocol();

// The same application either keeps its clients itself or has them on a gateway: the one difference that is measured.
if (!string.IsNullOrEmpty(builder.Configuration["Tandem:ConnectionString"]))
{
    signalR.AddTandem();
}

var app = builder.Build();
app.MapHub<BenchHub>("/bench");

app.Run();
