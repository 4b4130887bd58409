using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tandem.Protocols.Service;
using Tandem.Sdk.Connections;

namespace Tandem.Sdk.Core;

/// <summary>The hubs of the application, by type.</summary>
internal sealed class HubRegistry : IDisposable
{
    private readonly ConcurrentDictionary<Type, HubRuntime> _hubs = new();
    private readonly Lock _lock = new();
    private readonly TandemOptions _options;
    private readonly ServerConnectionSettings _settings;
    private readonly IServiceProvider _services;
    private bool _servesClassicClients;

    public HubRegistry(IOptions<TandemOptions> options, ServerConnectionSettings settings, IServiceProvider services)
    {
        _options = options.Value;
        _settings = settings;
        _services = services;
    }

    public IEnumerable<HubRuntime> Started => _hubs.Values.Where(static hub => hub.IsStarted);

    /// <summary>Says that classic clients are served, too. They belong to an application, whose name at the gateway is then that of no hub.</summary>
    /// <exception cref="InvalidOperationException">A hub has that name.</exception>
    public void ServeClassicClients()
    {
        lock (_lock)
        {
            _servesClassicClients = true;
            foreach (var hub in _hubs.Values)
            {
                RefuseNameOfApplication(hub);
            }
        }
    }

    public HubRuntime Get(Type hubType)
    {
        if (_hubs.TryGetValue(hubType, out var hub))
        {
            return hub;
        }

        lock (_lock)
        {
            return _hubs.GetOrAdd(hubType, Create);
        }
    }

    public void Dispose()
    {
        foreach (var hub in _hubs.Values)
        {
            hub.Dispose();
        }
    }

    private HubRuntime Create(Type hubType)
    {
        var optionsType = typeof(IOptions<>).MakeGenericType(typeof(HubOptions<>).MakeGenericType(hubType));
        var hubOptions = (HubOptions)((IOptions<object>)_services.GetRequiredService(optionsType)).Value;
        var hub = new HubRuntime(
            hubType, hubOptions, _options, _settings, _services.GetRequiredService<IServiceScopeFactory>(), _services.GetRequiredService<ILoggerFactory>());
        if (_hubs.Values.FirstOrDefault(other => other.Name == hub.Name) is { } twin)
        {
            throw new InvalidOperationException(
                $"The hubs {twin.HubType} and {hubType} have the same name at the gateway, '{hub.Name}'. Rename one of them.");
        }

        RefuseNameOfApplication(hub);
        return hub;
    }

    private void RefuseNameOfApplication(HubRuntime hub)
    {
        if (_servesClassicClients && hub.Name == ServicePaths.ApplicationHub(_options.ApplicationName!))
        {
            throw new InvalidOperationException(
                $"TandemOptions.ApplicationName is '{_options.ApplicationName}', which is also the name of a hub; choose another one, or do without MapTandemClassic.");
        }
    }
}
