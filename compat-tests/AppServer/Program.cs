using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.FileProviders;
using Tandem.AppServer;
using Tandem.AppServer.Hubs;
using Tandem.AppServer.Users;

// The application of the compatibility tests. It keeps its clients itself, or, with --gateway "<connection string>",
// at the gateway; nothing else in it knows of the difference. With --wishes true its clients may ask for claims and transports;
// --application NAME lets classic clients in, of pages of any origin, and puts it beside the classic application of that name; with
// --token-lifetime 00:00:20 the access tokens it gives to clients end soon.
// --redirect true lets clients of its own in from pages of any origin, and sends those that negotiate at /redirect/room on to /room.
// With --detailed true clients are told what went wrong inside a hub.

const long MaxMessageBytes = 2 * 1024 * 1024;

var builder = WebApplication.CreateBuilder(args);
var gateway = builder.Configuration["gateway"];
var application = builder.Configuration["application"];
var redirects = builder.Configuration.GetValue<bool>("redirect");

builder.Services.AddSingleton<Ledger>();
builder.Services.AddSingleton<IUserIdProvider, NamedUser>();
builder.Services.AddUserTokens();
builder.Services.AddHealthChecks();

var signalR = builder.Services
    .AddSignalR(options =>
    {
        options.MaximumReceiveMessageSize = MaxMessageBytes;
        options.EnableDetailedErrors = builder.Configuration.GetValue<bool>("detailed");
        if (gateway is null)
        {
            // Where there is a gateway, keeping idle clients is its business.
            options.KeepAliveInterval = TimeSpan.FromSeconds(1);
        }

        options.AddFilter<StampFilter>();
    })
    .AddMessagePackProtocol()
    .AddHubOptions<ParallelHub>(options => options.MaximumParallelInvocationsPerClient = 4);

if (gateway is not null)
{
    signalR.AddTandem(options =>
    {
        options.ConnectionString = gateway;
        options.ApplicationName = application;
        options.AccessTokenLifetime = builder.Configuration.GetValue("token-lifetime", options.AccessTokenLifetime);
        if (builder.Configuration.GetValue<bool>("wishes"))
        {
            options.ClaimsProvider = NegotiateWishes.ReadClaims;
            options.TransportTypeDetector = NegotiateWishes.ReadTransports;
        }
    });
    builder.Services.AddHealthChecks().AddTandem();
}

if (application is not null || redirects)
{
    builder.Services.AddCors(options => options.AddDefaultPolicy(
        policy => policy.SetIsOriginAllowed(_ => true).AllowCredentials().AllowAnyHeader().AllowAnyMethod()));
}

var app = builder.Build();

if (application is not null || redirects)
{
    app.UseCors();
}

app.UseAuthentication();
app.UseAuthorization();

app.MapHub<CompatHub>("/compat");
app.MapHub<ParallelHub>("/parallel");
app.MapHub<TypedHub>("/typed");
app.MapHub<MembersHub>("/members");
app.MapHub<AdministratorsHub>("/administrators");
app.MapHub<Room>("/room");
if (application is not null)
{
    app.MapTandemClassic("/signalr");
}

if (redirects)
{
    app.MapOwnRedirect("/redirect/room", "/room");
}

app.MapPost("/announce", (string text, IHubContext<CompatHub> hub) => hub.Clients.All.SendAsync("Message", text));
app.MapGet("/token", (string user, string? role) => UserTokens.Create(user, role));
app.MapHealthChecks("/health");

// The page that runs the scenarios in a browser, with the client as npm brings it.
if (app.Configuration["pages"] is { Length: > 0 } pages)
{
    app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(Path.GetFullPath(pages)), RequestPath = "/pages" });
}

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"Ready at {app.Urls.Single()}"));
app.Run();
