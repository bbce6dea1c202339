using System.Globalization;

namespace Monitoring.Faults.Intake;

/// <summary>Messages that the hub has to accept: where mutations start from.</summary>
internal static class GoodMessage
{
    /// <summary>A message of the target with up to five readings.</summary>
    public static Json.Obj Of(Chance chance, DateTimeOffset now) => Of(chance, now, [.. Enumerable.Range(0, chance.Below(6)).Select(_ => Reading(chance, now))]);

    /// <summary>A message of the target with these readings.</summary>
    public static Json.Obj Of(Chance chance, DateTimeOffset now, params Json[] readings)
    {
        var list = ("readings", (Json)Json.List(readings));
        return chance.Below(3) switch
        {
            0 => Json.Object(list),
            1 => Json.Object(("time", At(now)), list),
            _ => Json.Object(("time", At(now)), ("sequence", Json.Number(chance.Below(int.MaxValue))), list),
        };
    }

    /// <summary>A count of the target's counting line.</summary>
    public static Json.Obj Count(Json passagesIn) => Json.Object(("channel", Json.Text("gate")), ("count", Json.Object(("in", passagesIn), ("out", Json.Number(0)))));

    private static Json.Obj Reading(Chance chance, DateTimeOffset now)
    {
        var (channel, kind, value) = chance.Below(8) switch
        {
            0 => ("gate", "count", Json.Object(("in", Json.Number(chance.Below(50))), ("out", Json.Number(chance.Below(50))))),
            1 => ("gate", "count", Json.Object(("in", Json.Number(1)), ("out", Json.Number(0)), ("from", At(now.AddSeconds(-1 - chance.Below(3_600)))))),
            2 => ("gate", "total", Json.Object(("in", Json.Number(chance.Below(int.MaxValue))), ("out", Json.Number(chance.Below(int.MaxValue))), ("modulus", Json.Number(1L << 32)))),
            3 => ("stage", "occupancy", Json.Object(("people", Json.Number(chance.Below(400))))),
            4 => ("stage", "density", Json.Object(("perM2", new Json.Raw(chance.Of("0", "0.8", "1e-3", "-0", "19.999999999999999999"))))),
            5 => ("b1", "position", Json.Text(chance.Of("raised", "lowered", "moving", "fault", "unknown"))),
            6 => ("b1", "health", Json.Object(("batteryPercent", Json.Number(chance.Below(101))), ("uptimeSeconds", Json.Number(chance.Below(int.MaxValue))))),
            _ => ("b1", "event", (Json)Json.Object(("type", Json.Text($"read-error {HostileText.Mark}")), ("code", Json.Number(-chance.Below(int.MaxValue))))),
        };
        return Json.Object(("channel", Json.Text(channel)), (kind, value));
    }

    private static Json At(DateTimeOffset instant) => Json.Text(instant.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
}
