using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Tandem.Testing;

/// <summary>Makes access tokens by hand, so that wrong ones can be made as well as right ones.</summary>
public sealed class TestTokens(TimeProvider time)
{
    public const string Key = "the-primary-key-of-the-tests-0123456789";
    public const string SecondKey = "the-secondary-key-of-the-tests-987654321";

    public string Server(string hub = "chat", string? serverId = "server-1", string key = Key) =>
        Create($"http://any.example/server/?hub={hub}", key, claims: serverId is null ? null : new() { ["nameid"] = serverId });

    public string Client(string hub = "chat", Dictionary<string, object>? claims = null, string key = Key) =>
        Create($"http://any.example/client/?hub={hub}", key, claims: claims);

    public string ClassicServer(string hub, string serverId = "server-1") =>
        Create($"http://any.example/aspnetserver/?hub={hub}", claims: new() { ["nameid"] = serverId });

    /// <summary>The token of a redirected classic client.</summary>
    public string ClassicClient(string application = "shop", string? user = null, Dictionary<string, object>? claims = null)
    {
        var all = new Dictionary<string, object>(claims ?? []) { ["asrs.s.apn"] = application, ["asrs.s.vn"] = "1.2.3" };
        if (user is not null)
        {
            all["asrs.s.uid"] = user;
        }

        return Create("http://any.example/aspnetclient", claims: all);
    }

    /// <summary>Makes a token as SDKs do.</summary>
    public string Create(
        object? audience,
        string key = Key,
        string algorithm = "HS256",
        TimeSpan? expiresIn = null,
        TimeSpan? validIn = null,
        string? keyId = "-1234567",
        Dictionary<string, object>? claims = null,
        bool withExpiry = true)
    {
        var now = time.GetUtcNow();
        var header = new Dictionary<string, object> { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (keyId is not null)
        {
            header["kid"] = keyId;
        }

        var payload = new Dictionary<string, object>(claims ?? []) { ["nbf"] = (now + (validIn ?? TimeSpan.Zero)).ToUnixTimeSeconds() };
        if (withExpiry)
        {
            payload["exp"] = (now + (expiresIn ?? TimeSpan.FromHours(1))).ToUnixTimeSeconds();
        }

        if (audience is not null)
        {
            payload["aud"] = audience;
        }

        var signed = Encode(header) + "." + Encode(payload);
        var keyBytes = Encoding.UTF8.GetBytes(key);
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = algorithm switch
        {
            "HS256" => HMACSHA256.HashData(keyBytes, bytes),
            "HS384" => HMACSHA384.HashData(keyBytes, bytes),
            "HS512" => HMACSHA512.HashData(keyBytes, bytes),
            _ => [],
        };
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    private static string Encode(Dictionary<string, object> part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
