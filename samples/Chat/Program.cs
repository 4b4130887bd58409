using Microsoft.Extensions.FileProviders;
using Tandem.Chat;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddSingleton<Presence>();

var signalR = builder.Services.AddSignalR().AddMessagePackProtocol();

// The one line that moves this application's clients to the gateway. Without a connection string the very same
// application keeps its clients itself, which is what the page is compared with.
var gateway = !string.IsNullOrEmpty(builder.Configuration["Tandem:ConnectionString"]);
if (gateway)
{
    // The name the legacy chat has as well, because it serves the same hub: its users and those of this application meet.
    signalR.AddTandem(options => options.ApplicationName = "app");
}

var app = builder.Build();

// npm brings the browser client; it is served from where npm put it, so that it is in one place only.
var client = Path.Combine(app.Environment.ContentRootPath, "node_modules", "@microsoft", "signalr", "dist", "browser");
if (!Directory.Exists(client))
{
    throw new DirectoryNotFoundException($"{client} is missing: run 'npm ci' in {app.Environment.ContentRootPath} first (./run.sh does it).");
}

app.UseDefaultFiles();
app.UseStaticFiles();
app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(client), RequestPath = "/lib" });

app.MapHub<ChatHub>("/chatHub");
if (gateway)
{
    app.MapTandemClassic("/signalr"); // pages that still use jQuery and ASP.NET SignalR
}

app.MapGet("/demo.json", (IConfiguration configuration) => new { ClassicPage = configuration["Demo:ClassicPage"] });

app.Run();
