using Microsoft.AspNetCore.SignalR.Protocol;

namespace Tandem.Load.Clients;

/// <summary>Messages end with a record separator and start, as ASP.NET Core writes them, with their type.</summary>
internal sealed class JsonHubEncoding() : HubEncoding(new JsonHubProtocol())
{
    public const byte RecordSeparator = 0x1e;

    private static ReadOnlySpan<byte> TypePrefix => "{\"type\":"u8;

    public override bool TryRead(ref ReadOnlySpan<byte> input, out HubMessageKind kind, out ReadOnlySpan<byte> message)
    {
        kind = default;
        message = default;
        var end = input.IndexOf(RecordSeparator);
        if (end < 0)
        {
            return false;
        }

        message = input[..end];
        input = input[(end + 1)..];
        if (message.Length <= TypePrefix.Length || !message.StartsWith(TypePrefix))
        {
            throw new InvalidDataException($"Not a hub message: {System.Text.Encoding.UTF8.GetString(message)}");
        }

        kind = (HubMessageKind)(message[TypePrefix.Length] - '0');
        return true;
    }
}
