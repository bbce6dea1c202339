using System.Diagnostics;

namespace Monitoring.Benchmarks.Spaces;

/// <summary>Publishes one person more at a time, and measures until the live stream and the page show them. One person is there already.</summary>
internal sealed class Readings(Func<CancellationToken, Task> countOne, SeenPeople stream, SeenPeople page)
{
    private const double RemarkableMs = 100;
    private static readonly TimeSpan ShownWithin = TimeSpan.FromSeconds(10);

    private int _people = 1;

    /// <summary>Publishes some readings, each a pause after the one before it is on the page.</summary>
    public async Task<Taken> PublishAsync(int times, TimeSpan pause, CancellationToken cancellation)
    {
        var taken = new Taken([], [], []);
        for (var i = 0; i < times; i++)
        {
            await Task.Delay(pause, TimeProvider.System, cancellation);
            _people++;
            var (onStream, onPage) = (stream.Await(_people), page.Await(_people));
            var began = Stopwatch.GetTimestamp();
            await countOne(cancellation);
            taken.Acknowledged.Add(Since(began, Stopwatch.GetTimestamp()));
            taken.Stream.Add(Since(began, await onStream.WaitAsync(ShownWithin, cancellation)));
            taken.Page.Add(Since(began, await onPage.WaitAsync(ShownWithin, cancellation)));
            if (taken.Page[^1] > RemarkableMs)
                Report.Progress($"reading {i + 1}: acknowledged {taken.Acknowledged[^1]:0.0} ms, stream {taken.Stream[^1]:0.0} ms, page {taken.Page[^1]:0.0} ms");
        }

        return taken;
    }

    private static double Since(long began, long at) => Stopwatch.GetElapsedTime(began, at).TotalMilliseconds;
}

/// <summary>Times of some readings, ms, in their order.</summary>
internal sealed record Taken(List<double> Acknowledged, List<double> Stream, List<double> Page);
