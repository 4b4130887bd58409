using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Tandem.Gateway.Authentication;

/// <summary>Registers the keys that protect connection tokens of classic clients.</summary>
internal static class KeyRingServiceCollectionExtensions
{
    // Part of what a token is bound to: nodes that share a key ring must agree on it, wherever they are installed.
    private const string ApplicationName = "Tandem";

    /// <summary>Adds the key ring.</summary>
    public static IServiceCollection AddKeyRing(this IServiceCollection services, IConfiguration configuration)
    {
        var builder = services.AddDataProtection().SetApplicationName(ApplicationName);
        if (configuration["Tandem:DataProtection:Directory"] is { Length: > 0 } directory)
        {
            builder.PersistKeysToFileSystem(new DirectoryInfo(directory));
        }
        else
        {
            services.Configure<KeyManagementOptions>(static options =>
            {
                options.XmlRepository = new MemoryKeyRepository();
                // They never leave the process.
                options.XmlEncryptor = new NullXmlEncryptor();
            });
        }

        return services;
    }
}
