using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Owin;

/// <summary>Says everything that is wrong with the options at once.</summary>
internal static class TandemOptionsValidator
{
    private const int MaxConnectionCount = 1000;
    private const int MaxBytes = 1024 * 1024 * 1024;

    /// <exception cref="InvalidOperationException">Something is wrong; the message names all of it.</exception>
    public static void Validate(TandemOptions options, IReadOnlyList<TandemEndpoint> endpoints)
    {
        var errors = new List<string>();
        if (endpoints.Count == 0)
        {
            errors.Add(ConnectionStringLookup.HowToConnect);
        }

        if (string.IsNullOrEmpty(options.ApplicationName) || !options.ApplicationName.All(static c => c < 128 && (char.IsLetterOrDigit(c) || c is '_' or '-')))
        {
            errors.Add($"ApplicationName is '{options.ApplicationName}'; it needs letters, digits, '_' and '-', and nothing else.");
        }

        InRange(errors, nameof(options.InitialHubServerConnectionCount), options.InitialHubServerConnectionCount, 1, MaxConnectionCount);
        InRange(errors, nameof(options.InitialApplicationServerConnectionCount), options.InitialApplicationServerConnectionCount, 1, MaxConnectionCount);
        if (options.MaxHubServerConnectionCount is { } max && max < options.InitialHubServerConnectionCount)
        {
            errors.Add($"MaxHubServerConnectionCount is {max}; it must not be less than InitialHubServerConnectionCount ({options.InitialHubServerConnectionCount}).");
        }

        if (options.AccessTokenLifetime <= TimeSpan.Zero)
        {
            errors.Add($"AccessTokenLifetime is {options.AccessTokenLifetime}; it must be greater than zero.");
        }

        if (options.GracefulShutdown.Timeout <= TimeSpan.Zero)
        {
            errors.Add($"GracefulShutdown.Timeout is {options.GracefulShutdown.Timeout}; it must be greater than zero.");
        }

        if (options.MaxPollIntervalInSeconds is { } poll)
        {
            InRange(errors, nameof(options.MaxPollIntervalInSeconds), poll, 1, 300);
        }

        InRange(errors, nameof(options.MaxWaitingBytesPerClient), options.MaxWaitingBytesPerClient, 64 * 1024, MaxBytes);
        InRange(errors, nameof(options.MaxWaitingBytesPerServerConnection), options.MaxWaitingBytesPerServerConnection, 4 * 1024, MaxBytes);
        InRange(errors, nameof(options.MaxServiceMessageBytes), options.MaxServiceMessageBytes, 64 * 1024, MaxBytes);
        if (errors.Count > 0)
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, errors));
        }
    }

    private static void InRange(List<string> errors, string name, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            errors.Add($"{name} is {value}; it must be from {min} to {max}.");
        }
    }
}
