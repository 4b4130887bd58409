using Microsoft.Extensions.Options;

namespace Tandem.Sdk.Core;

/// <summary>Says everything that is wrong with the options at once.</summary>
internal sealed class TandemOptionsValidator : IValidateOptions<TandemOptions>
{
    private const int MaxConnectionCount = 1000;
    private const int MaxBytes = 1024 * 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, TandemOptions options)
    {
        var errors = new List<string>();
        if (options.Endpoints.Count == 0)
        {
            errors.Add(TandemOptionsSetup.HowToConnect);
        }

        InRange(errors, nameof(options.InitialHubServerConnectionCount), options.InitialHubServerConnectionCount, 1, MaxConnectionCount);
        if (options.MaxHubServerConnectionCount is { } max && max < options.InitialHubServerConnectionCount)
        {
            errors.Add($"MaxHubServerConnectionCount is {max}; it must not be less than InitialHubServerConnectionCount ({options.InitialHubServerConnectionCount}).");
        }

        if (options.ApplicationName is { Length: > 0 } application && !application.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            errors.Add($"ApplicationName is '{application}'; it may hold letters, digits, '_' and '-' only.");
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
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void InRange(List<string> errors, string name, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            errors.Add($"{name} is {value}; it must be from {min} to {max}.");
        }
    }
}
