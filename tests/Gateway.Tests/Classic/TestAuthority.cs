using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Tandem.Gateway.Tests.Classic;

/// <summary>An authority in this process: it publishes its key and signs tokens with it.</summary>
internal sealed class TestAuthority : IAsyncDisposable
{
    private readonly RSA _key = RSA.Create(2048);
    private readonly WebApplication _app;

    private TestAuthority()
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        _app = builder.Build();
        var parameters = _key.ExportParameters(false);
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = Url, jwks_uri = Url + "/keys" }));
        _app.MapGet("/keys", () => Results.Json(new
        {
            keys = new[] { new { kty = "RSA", kid = "1", n = Base64Url.EncodeToString(parameters.Modulus), e = Base64Url.EncodeToString(parameters.Exponent) } },
        }));
    }

    public string Url => _app.Urls.First();

    public static async Task<TestAuthority> StartAsync()
    {
        var authority = new TestAuthority();
        await authority._app.StartAsync();
        return authority;
    }

    public string Token(string audience, string user, bool expired = false)
    {
        var now = DateTimeOffset.UtcNow.AddHours(expired ? -2 : 0);
        var signed = Encode(new { alg = "RS256", typ = "JWT", kid = "1" }) + "."
            + Encode(new { iss = Url, aud = audience, sub = user, nbf = now.ToUnixTimeSeconds(), exp = now.AddHours(1).ToUnixTimeSeconds() });
        return signed + "." + Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private static string Encode(object part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));
}
