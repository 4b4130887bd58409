namespace Tandem.Sdk.Connections;

/// <summary>
/// A client's access token would be longer than 4,096 characters. It travels in a URL, where proxies and servers cut it off:
/// carry fewer claims, with the <c>ClaimsProvider</c> option for instance.
/// </summary>
public sealed class AccessTokenTooLongException : Exception
{
    /// <summary>Makes the exception for a token of the given length.</summary>
    public AccessTokenTooLongException(int length, int maxLength)
        : base($"The access token has {length} characters, more than the {maxLength} allowed. Carry fewer or shorter claims.")
    {
        Length = length;
        MaxLength = maxLength;
    }

    /// <summary>Length of the token in characters.</summary>
    public int Length { get; }

    /// <summary>The longest token allowed, in characters.</summary>
    public int MaxLength { get; }
}
