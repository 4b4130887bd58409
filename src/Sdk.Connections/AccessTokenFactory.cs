using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Tandem.Sdk.Connections;

/// <summary>Signs the tokens that app servers and clients show to one gateway endpoint.</summary>
internal sealed class AccessTokenFactory
{
    /// <summary>The longest token that is handed out, in characters.</summary>
    public const int MaxTokenLength = 4096;

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SigningCredentials _credentials;
    private readonly TimeProvider _timeProvider;

    public AccessTokenFactory(ConnectionString connectionString, TimeProvider timeProvider)
    {
        var key = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(connectionString.AccessKey));
        _credentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256);
        _timeProvider = timeProvider;
    }

    /// <summary>Makes a token.</summary>
    /// <param name="audience">The URL it is for, without port; see <see cref="EndpointUrls"/>.</param>
    /// <param name="claims">Names to a text or a list of texts.</param>
    /// <param name="lifetime">How long it can be used.</param>
    /// <exception cref="AccessTokenTooLongException">The claims are too many or too long.</exception>
    public string Create(string audience, Dictionary<string, object> claims, TimeSpan lifetime)
    {
        var now = _timeProvider.GetUtcNow().UtcDateTime;
        var token = _handler.CreateToken(new SecurityTokenDescriptor
        {
            Audience = audience,
            Claims = claims,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            SigningCredentials = _credentials,
        });
        return token.Length <= MaxTokenLength ? token : throw new AccessTokenTooLongException(token.Length, MaxTokenLength);
    }
}
