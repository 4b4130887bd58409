using Microsoft.AspNetCore.SignalR.Protocol;

namespace Tandem.Load.Clients;

/// <summary>Messages start with their length as a variable-length integer, then an array whose first item is the type.</summary>
internal sealed class MessagePackHubEncoding() : HubEncoding(new MessagePackHubProtocol())
{
    private const int MaxLengthBytes = 5;

    public override bool TryRead(ref ReadOnlySpan<byte> input, out HubMessageKind kind, out ReadOnlySpan<byte> message)
    {
        kind = default;
        message = default;
        var length = 0;
        var used = 0;
        byte current;
        do
        {
            if (used == input.Length)
            {
                return false;
            }

            if (used == MaxLengthBytes)
            {
                throw new InvalidDataException("Not the length of a hub message.");
            }

            current = input[used];
            length |= (current & 0x7f) << (7 * used);
            used++;
        }
        while ((current & 0x80) != 0);

        if (input.Length - used < length)
        {
            return false;
        }

        message = input.Slice(used, length);
        input = input[(used + length)..];
        kind = (HubMessageKind)message[1];
        return true;
    }
}
