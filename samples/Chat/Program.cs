using Microsoft.Extensions.FileProviders;
using Tandem.Chat;

var builder = WebApplication.CreateBuilder(args);

builder.Services.AddSingleton<Presence>();

var signalR = builder.Services.AddSignalR();

// The one line that moves this application's clients to the gateway. Without a connection string the very same
// application keeps its clients itself, which is what the page is compared with.
if (!string.IsNullOrEmpty(builder.Configuration["Tandem:ConnectionString"]))
{
    signalR.AddTandem();
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
app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(client), RequestPath = "/signalr" });

app.MapHub<ChatHub>("/chat");
app.MapGet("/demo.json", (IConfiguration configuration) => new { ClassicPage = configuration["Demo:ClassicPage"] });

app.Run();
