using Tandem.Blazor;
using Tandem.Blazor.Components;

var builder = WebApplication.CreateBuilder(args);

// The scripts and styles of the framework are served from where the build put them; a published application would not need this.
builder.WebHost.UseStaticWebAssets();

builder.Services.AddSingleton<Board>();
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddHealthChecks();

var signalR = builder.Services.AddSignalR();

// The one line that moves the browsers' connections to the gateway. Without a connection string the very same application
// keeps them itself. Circuits stay in this process either way, so the gateway brings each browser back to it.
if (!string.IsNullOrEmpty(builder.Configuration["Tandem:ConnectionString"]))
{
    signalR.AddTandem();
    builder.Services.AddHealthChecks().AddTandem();
}

var app = builder.Build();

app.UseAntiforgery();
app.MapStaticAssets();
app.MapHealthChecks("/health");
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();

app.Run();
