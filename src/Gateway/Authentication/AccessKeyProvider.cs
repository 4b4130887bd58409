using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Tandem.Gateway.Configuration;

namespace Tandem.Gateway.Authentication;

/// <summary>The keys access tokens may be signed with. Follows the configuration while the node runs.</summary>
internal sealed partial class AccessKeyProvider : IDisposable
{
    // The block of SHA-256; see ToSecurityKey.
    private const int PaddedKeyBytes = 64;

    private readonly ILogger<AccessKeyProvider> _logger;
    private readonly IDisposable? _subscription;
    private volatile SecurityKey[] _keys;

    public AccessKeyProvider(IOptionsMonitor<GatewayOptions> options, ILogger<AccessKeyProvider> logger)
    {
        _logger = logger;
        _keys = [.. options.CurrentValue.AccessKeys.Select(ToSecurityKey)];
        _subscription = options.OnChange(Replace);
    }

    /// <summary>The keys now. The array is shared: never change it.</summary>
    public IReadOnlyList<SecurityKey> Keys => _keys;

    public void Dispose() => _subscription?.Dispose();

    private void Replace(GatewayOptions options)
    {
        // A file caught half written, or a slip, must not lock everybody out.
        var errors = GatewayOptionsRules.Check(options).ToArray();
        if (errors.Length > 0)
        {
            Log.KeysRejected(_logger, string.Join(" ", errors));
            return;
        }

        var keys = options.AccessKeys.Select(ToSecurityKey).ToArray();
        if (!keys.Select(key => key.KeyId).SequenceEqual(_keys.Select(key => key.KeyId)))
        {
            _keys = keys;
            Log.KeysReplaced(_logger, keys.Length);
        }
    }

    /// <summary>
    /// The text itself is the key. HMAC pads a short key with zeros up to its block, so padding it here changes no signature; but the JWT
    /// library measures the length and would refuse the HS512 tokens of SDKs whose key is shorter than 512 bits.
    /// </summary>
    internal static SymmetricSecurityKey ToSecurityKey(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length < PaddedKeyBytes)
        {
            Array.Resize(ref bytes, PaddedKeyBytes);
        }

        var key = new SymmetricSecurityKey(bytes);
        key.KeyId = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return key;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The access keys were replaced; {Keys} are accepted now.", EventName = "KeysReplaced")]
        public static partial void KeysReplaced(ILogger logger, int keys);

        [LoggerMessage(2, LogLevel.Error, "The changed settings are wrong, so the access keys stay as they were: {Errors}", EventName = "KeysRejected")]
        public static partial void KeysRejected(ILogger logger, string errors);
    }
}
