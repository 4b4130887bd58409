using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Tandem.Gateway.Tests.Authentication;

public sealed class TokenSecrecyTests
{
    [Fact]
    public async Task No_token_reaches_the_log_even_when_everything_is_logged()
    {
        await using var gateway = await TestGateway.StartAsync(
            "Tandem:Limits:WaitForServer=00:00:00",
            "Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Trace",
            "Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics*=Trace",
            "Logging:LogLevel:Microsoft.AspNetCore.Server.Kestrel.BadRequests=Trace",
            "Logging:LogSink:LogLevel:Default=Trace",
            "Logging:Tandem.Testing.LogSink:LogLevel:Default=Trace",
            "Logging:Tandem.Testing.LogSink:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Trace");
        gateway.Log.Expect("Refused");
        var tokens = new List<string>
        {
            gateway.Tokens.Server(),
            gateway.Tokens.Client(),
            gateway.Tokens.Client(hub: "other"),
            gateway.Tokens.Client(key: "a-key-nobody-told-the-gateway-about-000"),
            gateway.Tokens.Create("http://x/client/?hub=chat", expiresIn: TimeSpan.FromHours(-1)),
            "rubbish-that-may-be-a-secret-all-the-same",
            "rubbish.with.dots-that-may-be-a-secret",
        };
        foreach (var token in tokens)
        {
            await SendAsync(HttpMethod.Post, $"/client/negotiate?hub=chat&access_token={token}");
            await SendAsync(HttpMethod.Get, $"/client/?hub=chat&access_token={token}");
            await SendAsync(HttpMethod.Get, $"/client/?hub=chat&id=nobody&access_token={token}");
            await SendAsync(HttpMethod.Get, $"/server/?hub=chat&access_token={token}");
            await SendAsync(HttpMethod.Get, $"/nowhere?access_token={token}");
            await SendAsync(HttpMethod.Post, "/client/negotiate?hub=chat", token);
            await SendAsync(HttpMethod.Get, "/server/?hub=chat", token);
            // A request line that Kestrel refuses, and would quote.
            await SendRawAsync($"GET /client/?access_token={token} with blanks HTTP/1.1\r\nHost: x\r\n\r\n");
        }

        await using (var server = await ScriptedAppServer.OpenAsync(gateway.Url, tokens[0], tokenInQuery: true))
        {
            await server.HandshakeAsync();
            await server.CloseAsync();
        }

        Assert.Contains(gateway.Log.Entries, entry => entry.Level == LogLevel.Trace);
        foreach (var entry in gateway.Log.Entries)
        {
            // The signature alone is as bad as the whole.
            Assert.DoesNotContain(tokens, token => entry.ToString().Contains(token.Split('.')[^1], StringComparison.Ordinal));
        }

        async Task SendAsync(HttpMethod method, string url, string? bearer = null)
        {
            using var request = new HttpRequestMessage(method, url);
            if (bearer is not null)
            {
                request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
            }

            using var response = await gateway.Http.SendAsync(request);
            foreach (var token in tokens)
            {
                Assert.DoesNotContain(token, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            }
        }

        async Task SendRawAsync(string text)
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(gateway.Url.Host, gateway.Url.Port).Within();
            await using var stream = socket.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask().Within();
            using var reader = new StreamReader(stream);
            Assert.StartsWith("HTTP/1.1 400", await reader.ReadLineAsync().Within());
        }
    }
}
