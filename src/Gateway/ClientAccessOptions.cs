using System.ComponentModel;

namespace Tandem.Gateway;

/// <summary>Which browsers may connect (section <c>Tandem:Clients</c>).</summary>
public sealed class ClientAccessOptions
{
    /// <summary>Origins of web pages that may connect, such as <c>https://app.example.org</c> or <c>https://*.example.org</c>. Default: any.</summary>
    [Description("Origins of web pages that may connect, such as https://app.example.org or https://*.example.org; any when empty.")]
    public IReadOnlyList<string> AllowedOrigins { get; set; } = [];
}
