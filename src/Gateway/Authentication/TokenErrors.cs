using Microsoft.IdentityModel.Tokens;

namespace Tandem.Gateway.Authentication;

/// <summary>Why a token was refused, in words for its sender. Never quotes the token.</summary>
internal static class TokenErrors
{
    public static string Describe(Exception? failure) => failure switch
    {
        null => "An access token is required: header Authorization: Bearer, or query parameter access_token.",
        TokenRejectedException => failure.Message,
        AggregateException { InnerExceptions: [var first, ..] } => Describe(first),
        SecurityTokenExpiredException => "The access token has expired.",
        SecurityTokenNotYetValidException => "The access token is not valid yet; compare the clocks.",
        SecurityTokenNoExpirationException => "The access token has no expiry.",
        SecurityTokenInvalidAlgorithmException => "The access token is not signed with HS256 or HS512.",
        SecurityTokenInvalidSignatureException or SecurityTokenSignatureKeyNotFoundException =>
            "The access token was not signed with an access key of this gateway.",
        _ => "The access token is not a valid JSON web token.",
    };
}
