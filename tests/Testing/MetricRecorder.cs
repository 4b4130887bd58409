using System.Diagnostics.Metrics;

namespace Tandem.Testing;

/// <summary>Listens to the instruments of one meter factory, so that tests that run at the same time do not hear each other.</summary>
public sealed class MetricRecorder : IMeterFactory
{
    private readonly Lock _lock = new();
    private readonly List<Measurement> _measurements = [];
    private readonly List<Instrument> _instruments = [];
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();

    /// <param name="only">Listen to this instrument alone; null for all.</param>
    public MetricRecorder(string? only = null)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, this))
            {
                lock (_lock)
                {
                    _instruments.Add(instrument);
                }

                if (only is null || instrument.Name == only)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>
    /// Called with every measurement, on the thread that measures: a way into the middle of the code under test. Cleared before it is called.
    /// </summary>
    public Action? OnNext { get; set; }

    /// <summary>The measurement <see cref="OnNext"/> waits for.</summary>
    public string? NextInstrument { get; set; }

    public Instrument[] Instruments
    {
        get
        {
            lock (_lock)
            {
                return [.. _instruments];
            }
        }
    }

    /// <summary>Reads the instruments that are only read on collection.</summary>
    public void Collect() => _listener.RecordObservableInstruments();

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options.Name, options.Version, options.Tags, scope: this);
        _meters.Add(meter);
        return meter;
    }

    /// <summary>Sum of an instrument's measurements with these tags, written as <c>key=value,key=value</c> in the order of their keys.</summary>
    public double Sum(string instrument, string? tags = null) => Of(instrument, tags).Sum(measurement => measurement.Value);

    public Measurement[] Of(string instrument, string? tags = null)
    {
        lock (_lock)
        {
            return [.. _measurements.Where(measurement => measurement.Instrument == instrument && (tags is null || measurement.Tags == tags))];
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = string.Join(',', tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));
        lock (_lock)
        {
            _measurements.Add(new Measurement(instrument.Name, value, text));
        }

        if (NextInstrument == instrument.Name && OnNext is { } action)
        {
            OnNext = null;
            action();
        }
    }

    /// <summary>One value as an instrument gave it.</summary>
    public readonly record struct Measurement(string Instrument, double Value, string Tags);
}
