using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace Tandem.AppServer.Users;

/// <summary>The application's own tokens: what its users sign in with, whoever keeps their connections.</summary>
internal static class UserTokens
{
    private const string Issuer = "compat-tests";

    private static readonly SymmetricSecurityKey Key = new(Encoding.UTF8.GetBytes("a key that only the compatibility tests use"));

    public static string Create(string? user, string? role)
    {
        // Two colours: claims of one type repeated must arrive as two claims.
        List<Claim> claims = [new("colour", "blue"), new("colour", "grün")];
        if (user is not null)
        {
            claims.Add(new Claim(ClaimTypes.Name, user));
        }

        if (role is not null)
        {
            claims.Add(new Claim(ClaimTypes.Role, role));
        }

        var credentials = new SigningCredentials(Key, SecurityAlgorithms.HmacSha256);
        var expires = DateTime.UtcNow.AddHours(1);
        return new JwtSecurityTokenHandler().WriteToken(new JwtSecurityToken(Issuer, Issuer, claims, null, expires, credentials));
    }

    public static IServiceCollection AddUserTokens(this IServiceCollection services)
    {
        services.AddAuthorization();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidIssuer = Issuer, ValidAudience = Issuer, IssuerSigningKey = Key,
            };
            options.Events = new JwtBearerEvents { OnMessageReceived = TakeFromQuery };
        });
        return services;
    }

    // Browsers cannot send headers with a WebSocket or an event stream; only needed where the clients are connected here.
    private static Task TakeFromQuery(MessageReceivedContext context)
    {
        if (context.Request.Query["access_token"] is { Count: > 0 } token)
        {
            context.Token = token;
        }

        return Task.CompletedTask;
    }
}
