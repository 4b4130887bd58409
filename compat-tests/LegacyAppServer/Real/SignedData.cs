using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNet.SignalR.Infrastructure;

namespace Tandem.LegacyAppServer;

/// <summary>Protects what goes to clients and comes back with a signature. SignalR's own way of doing that is part of Windows.</summary>
internal sealed class SignedData : IProtectedData
{
    private const int SignatureLength = 32;

    private readonly byte[] _key = new byte[SignatureLength];

    public SignedData()
    {
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(_key);
    }

    public string Protect(string data, string purpose)
    {
        var bytes = Encoding.UTF8.GetBytes(data);
        return Convert.ToBase64String([.. Sign(bytes, purpose), .. bytes]);
    }

    public string Unprotect(string protectedValue, string purpose)
    {
        var all = Convert.FromBase64String(protectedValue);
        var bytes = all.Skip(SignatureLength).ToArray();
        return Sign(bytes, purpose).SequenceEqual(all.Take(SignatureLength))
            ? Encoding.UTF8.GetString(bytes)
            : throw new CryptographicException("The signature is not ours.");
    }

    private byte[] Sign(byte[] bytes, string purpose)
    {
        using var hash = new HMACSHA256(_key);
        return hash.ComputeHash([.. Encoding.UTF8.GetBytes(purpose), 0, .. bytes]);
    }
}
