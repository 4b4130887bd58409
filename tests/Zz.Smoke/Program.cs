using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Tandem.Sdk.Core;
using Tandem.Testing;

await using var gateway = await TestGateway.StartAsync();
var builder = WebApplication.CreateBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Services.AddSignalR().AddTandem($"Endpoint={gateway.Url.ToString().TrimEnd('/')};AccessKey={TestTokens.Key};Version=1.0;");
var app = builder.Build();
app.MapHub<EchoHub>("/echo");
await app.StartAsync();
foreach (var transport in new[] { HttpTransportType.WebSockets, HttpTransportType.ServerSentEvents, HttpTransportType.LongPolling })
{
    await using var client = new HubConnectionBuilder().WithUrl(app.Urls.First() + "/echo?x=1", transport).Build();
    var got = new TaskCompletionSource<string>();
    client.On<string>("hey", text => got.TrySetResult(text));
    await client.StartAsync();
    Console.WriteLine($"{transport}: {await client.InvokeAsync<string>("Echo", "hello")} {client.ConnectionId}");
    await client.SendAsync("All", "everyone");
    Console.WriteLine($"broadcast: {await got.Task.WaitAsync(TimeSpan.FromSeconds(10))}");
}
Console.WriteLine(await gateway.Http.GetStringAsync("/health/ready"));
{
    var client = new HubConnectionBuilder().WithUrl(app.Urls.First() + "/echo").Build();
    var closed = new TaskCompletionSource<string>();
    client.Closed += e => { closed.TrySetResult(e?.Message ?? "no error"); return Task.CompletedTask; };
    await client.StartAsync();
    var watch = System.Diagnostics.Stopwatch.StartNew();
    await gateway.App.StopAsync();
    Console.WriteLine($"stopped in {watch.ElapsedMilliseconds} ms; client: {await closed.Task.WaitAsync(TimeSpan.FromSeconds(10))}");
}
foreach (var s in gateway.Log.Surprises) Console.WriteLine(s);
await app.StopAsync();

public sealed class EchoHub : Hub
{
    public string Echo(string text) => text + " from " + Context.GetHttpContext()!.Request.QueryString;
    public Task All(string text) => Clients.All.SendAsync("hey", text);
}
