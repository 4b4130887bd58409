namespace Tandem.Protocols.AspNetCore.Wire;

/// <summary>What <see cref="CoreMessageScanner"/> found.</summary>
internal enum MessageScanResult
{
    /// <summary>The next message is not complete.</summary>
    NeedMoreData,

    /// <summary>A whole message.</summary>
    Message,

    /// <summary>The next message is larger than allowed.</summary>
    TooLarge,
}
