using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Tandem.Load.Clients;

/// <summary>Opens a socket and upgrades it to WebSocket, without compression.</summary>
internal static class Upgrade
{
    private const int MaxResponseSize = 4096;

    private static ReadOnlySpan<byte> Accepted => "HTTP/1.1 101 "u8;

    private static ReadOnlySpan<byte> EndOfHeaders => "\r\n\r\n"u8;

    public static async Task<Socket> OpenAsync(ConnectTarget target, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, target.Url.Port, cancellationToken);
            await socket.SendAsync(Request(target), cancellationToken);
            await ReadResponseAsync(socket, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static byte[] Request(ConnectTarget target)
    {
        Span<byte> key = stackalloc byte[16];
        RandomNumberGenerator.Fill(key);
        var authorization = target.AccessToken is { } token ? $"Authorization: Bearer {token}\r\n" : "";
        return Encoding.ASCII.GetBytes(
            $"GET {target.Url.PathAndQuery} HTTP/1.1\r\nHost: {target.Url.Authority}\r\n" +
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
            $"Sec-WebSocket-Key: {Convert.ToBase64String(key)}\r\n{authorization}\r\n");
    }

    // Servers send nothing after the response before they have the client's handshake, so nothing is read too much.
    private static async Task ReadResponseAsync(Socket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxResponseSize];
        var length = 0;
        while (buffer.AsSpan(0, length).IndexOf(EndOfHeaders) < 0)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            if (received == 0)
            {
                throw new InvalidDataException($"No whole response to the upgrade: {Encoding.ASCII.GetString(buffer, 0, length)}");
            }

            length += received;
        }

        if (!buffer.AsSpan(0, length).StartsWith(Accepted))
        {
            throw new InvalidDataException($"The upgrade was refused: {Encoding.ASCII.GetString(buffer, 0, length)}");
        }
    }
}
