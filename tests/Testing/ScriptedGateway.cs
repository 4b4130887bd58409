using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tandem.Protocols.Service;

namespace Tandem.Testing;

/// <summary>
/// A stand-in for the gateway that does what a test tells it: real Kestrel, WebSockets at <c>/server</c> and <c>/aspnetserver</c>, every
/// service message recorded. It acknowledges whatever asks for it unless told otherwise.
/// </summary>
public sealed class ScriptedGateway : IAsyncDisposable
{
    /// <summary>The access key it gives out; it does not check it.</summary>
    public const string AccessKey = "0123456789abcdefghijklmnopqrstuvwxyz-test-key";

    private readonly Lock _lock = new();
    private readonly List<ScriptedServerConnection> _connections = [];
    private WebApplication? _app;

    private ScriptedGateway()
    {
    }

    /// <summary>Port on loopback; the same after a restart.</summary>
    public int Port { get; private set; }

    public string Url => $"http://127.0.0.1:{Port}";

    public string ConnectionString => $"Endpoint={Url};AccessKey={AccessKey};Version=1.0;";

    /// <summary>Messages not taken yet, keep-alive included, in order of arrival.</summary>
    public MessageLog<ReceivedMessage> Received { get; } = new();

    /// <summary>Server connections that shook hands and were not taken yet.</summary>
    public MessageLog<ScriptedServerConnection> New { get; } = new();

    /// <summary>What handshakes are answered with; null for no answer.</summary>
    public HandshakeResponseMessage? HandshakeAnswer { get; set; } = new(string.Empty);

    /// <summary>Status of acknowledgements; null for none.</summary>
    public AckStatus? Acknowledge { get; set; } = AckStatus.Ok;

    /// <summary>Whether the shutdown ping is answered.</summary>
    public bool AcknowledgeShutdown { get; set; } = true;

    /// <summary>HTTP status to refuse server connections with; null to accept them.</summary>
    public int? RefuseWith { get; set; }

    /// <summary>Server connections that are up.</summary>
    public IReadOnlyList<ScriptedServerConnection> Connections
    {
        get
        {
            lock (_lock)
            {
                return [.. _connections];
            }
        }
    }

    public static async Task<ScriptedGateway> StartAsync()
    {
        var gateway = new ScriptedGateway();
        await gateway.RestartAsync();
        return gateway;
    }

    /// <summary>Starts listening again, on the same port.</summary>
    public async Task RestartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://127.0.0.1:{Port}");
        builder.Logging.ClearProviders();
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Map(ServicePaths.Server, AcceptAsync);
        _app.Map(ServicePaths.ClassicServer, AcceptAsync);
        await _app.StartAsync();
        Port = new Uri(_app.Urls.First()).Port;
    }

    /// <summary>Goes away as a crashed process does: sockets are cut, nobody listens.</summary>
    public async Task CrashAsync()
    {
        foreach (var connection in Connections)
        {
            connection.Abort();
        }

        if (_app is not null)
        {
            await _app.DisposeAsync();
            _app = null;
        }
    }

    /// <summary>The next server connection.</summary>
    public Task<ScriptedServerConnection> AcceptAsync(Func<ScriptedServerConnection, bool>? match = null) =>
        New.TakeAsync(match ?? (static _ => true), "A server connection");

    /// <summary>Takes the first message of a type.</summary>
    public async Task<T> TakeAsync<T>(Func<T, bool>? match = null, ScriptedServerConnection? connection = null)
        where T : ServiceMessage
    {
        var received = await Received.TakeAsync(
            item => item.Message is T message && (match?.Invoke(message) ?? true) && (connection is null || item.Connection == connection),
            typeof(T).Name);
        return (T)received.Message;
    }

    public ValueTask DisposeAsync() => new(CrashAsync());

    internal void Accepted(ScriptedServerConnection connection)
    {
        lock (_lock)
        {
            _connections.Add(connection);
        }

        New.Add(connection);
    }

    internal void Forget(ScriptedServerConnection connection)
    {
        lock (_lock)
        {
            _connections.Remove(connection);
        }
    }

    internal ServiceMessage? Answer(ServiceMessage message)
    {
        if (message is PingMessage ping)
        {
            return AcknowledgeShutdown && ping[ServicePing.ShutdownKey] is not null
                ? new PingMessage(ServicePing.ShutdownKey, ServicePing.FinAck)
                : null;
        }

        var ackId = message switch
        {
            JoinGroupMessage join => join.AckId,
            LeaveGroupMessage leave => leave.AckId,
            _ => null,
        };
        return ackId is { } id && Acknowledge is { } status ? new AckMessage(id, status, null) : null;
    }

    private async Task AcceptAsync(HttpContext context)
    {
        if (RefuseWith is { } status || !context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = RefuseWith ?? StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await new ScriptedServerConnection(this, socket, context).RunAsync();
    }
}
