using Microsoft.Extensions.Time.Testing;
using Tandem.Routing.Diagnostics;

namespace Tandem.Routing.Tests.Diagnostics;

public class LogThrottleTests
{
    [Fact]
    public void One_line_passes_in_ten_seconds_and_the_next_says_how_many_did_not()
    {
        var time = new FakeTimeProvider();
        var throttle = new LogThrottle(time);

        Assert.True(throttle.TryPass(out var suppressed));
        Assert.Equal(0, suppressed);
        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(throttle.TryPass(out _));
        Assert.False(throttle.TryPass(out _));

        time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(throttle.TryPass(out suppressed));
        Assert.Equal(2, suppressed);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(throttle.TryPass(out suppressed));
        Assert.Equal(0, suppressed);
    }
}
