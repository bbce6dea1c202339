using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Domain;
using Monitoring.Gateway.Equipment;

namespace Monitoring.Gateway.Tests;

/// <summary>The hub's own certificate ends without a word of its own; people hear of it while there is time.</summary>
public sealed class CertificateEndTests : IDisposable
{
    private const int Days = 40;

    private readonly string _folder = RunningGateway.NewFolder();
    private readonly TestCity _city;
    private readonly SetTime _time = new();
    private readonly Lines _log = new();
    private readonly TlsFiles _files;

    public CertificateEndTests()
    {
        _city = new TestCity(_folder);
        _city.IssueToHub(Days);
        _files = new TlsFiles(Options.Create(new MqttTlsOptions { CertificateFile = _city.CertificateFile, KeyFile = _city.KeyFile }), new HubClock(ClockKind.Wall, _time), _log);
    }

    public void Dispose()
    {
        _city.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(30, 1, null)]
    [InlineData(30, 0, "ends in 30 days")]
    [InlineData(2, 0, "ends in 2 days")]
    [InlineData(1, 0, "ends within two days")]
    [InlineData(0, 0, "has ended")]
    public void From_30_days_before_its_end_it_is_said(int days, int seconds, string? said)
    {
        _time.Now = TestCity.EndOf(Days).AddDays(-days).AddSeconds(-seconds);
        if (said is null)
            Assert.Null(_files.Warning);
        else
            Assert.Contains(said, _files.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_logged_once_a_day_and_no_more_once_a_new_one_is_there()
    {
        _time.Now = TestCity.EndOf(Days).AddDays(-31);
        _files.Watch();
        Assert.Empty(_log.Warnings);
        for (var hour = 0; hour < 72; hour++)
        {
            _time.Now = TestCity.EndOf(Days).AddDays(-30).AddHours(hour);
            _files.Watch();
        }

        Assert.Equal(3, _log.Warnings.Count);
        Assert.Contains("put a new one in place of hub.pem", _log.Warnings[0], StringComparison.Ordinal);
        _city.IssueToHub(Days + 60);
        _time.Now = _time.Now.AddDays(2);
        _files.Watch();
        Assert.Equal(3, _log.Warnings.Count);
        Assert.Null(_files.Warning);
    }

    [Fact]
    public async Task Health_says_it_while_equipment_is_served()
    {
        _city.IssueToHub(10);
        await using var gateway = await RunningGateway.StartAsync(settings: _city.Settings);

        Assert.True(gateway.Health.IsReady);
        Assert.Contains("ends in", Assert.Single(gateway.Health.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_TLS_there_is_nothing_to_say()
    {
        var off = new TlsFiles(Options.Create(new MqttTlsOptions()), new HubClock(ClockKind.Wall, _time), _log);
        off.Watch();
        Assert.Null(off.Warning);
    }

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Lines : ILogger<TlsFiles>
    {
        public List<string> Warnings { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Warning)
                Warnings.Add(formatter(state, exception));
        }
    }
}
