using System.Globalization;
using System.Text.Json;
using Monitoring.Contracts.Intake;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain.Equipment;

namespace Monitoring.Dashboard.Equipment;

/// <summary>The fields of the form that adopts a device, filled in with what its messages tell.</summary>
public sealed class AdoptModel
{
    /// <summary>Not chosen yet.</summary>
    public const string Open = "?";

    private static readonly string[] Choose = ["Choose what it observes."];

    private readonly PendingDevice _pending;
    private readonly CompiledSite _site;
    private string _profile = "";

    internal AdoptModel(PendingDevice pending, StoredVersion stored)
    {
        (_pending, _site, Version) = (pending, stored.Site, stored.Version);
        var address = pending.Sights.FirstOrDefault(sight => sight.Address == pending.Device)?.Address ?? "";
        Id = new string([.. address.ToLowerInvariant().Take(64).Select(one => one is (>= 'a' and <= 'z') or (>= '0' and <= '9') ? one : '-')]).Trim('-');
        Space = stored.Site.Site.Spaces is [var only] ? only.Id : "";
        Profile = pending.Sights.OrderByDescending(sight => sight.Channels.Count > 0).Select(sight => sight.Profile).FirstOrDefault("native");
        Kind = GuessKind(Channels);
    }

    /// <summary>The version of the site that is added to.</summary>
    public int Version { get; set; }

    public string Space { get; set; }

    public string Id { get; set; }

    public string Name { get; set; } = "";

    public string Kind { get; set; }

    public string Address { get; set; } = "";

    public string Purpose { get; set; } = DeviceWords.Of(DevicePurpose.Live);

    public string Interval { get; set; } = "";

    /// <summary>Texts of the parameters that the profile takes, but for the topic; several values are separated by commas.</summary>
    public Dictionary<string, string> Parameters { get; } = new(StringComparer.Ordinal);

    public List<ChannelModel> Channels { get; } = [];

    /// <summary>The profile. With another one, its address, parameters and channels are filled in anew.</summary>
    public string Profile
    {
        get => _profile;
        set
        {
            _profile = value;
            var sight = _pending.Sights.FirstOrDefault(one => one.Profile == value);
            Address = sight?.Address ?? _pending.Device;
            Parameters.Clear();
            if (_site.Profiles.TryGetValue(value, out var known))
            {
                foreach (var name in known.Parameters.Required.Concat(known.Parameters.Defaults.Keys).Distinct().Where(name => name != ProfileParameters.Topic))
                    Parameters[name] = "";
            }

            Channels.Clear();
            Channels.AddRange((sight?.Channels ?? []).GroupBy(channel => channel.Name).Select(channel => ChannelModel.Of(channel.Key, [.. channel.Select(one => one.Kind)])));
            if (Channels.Count == 0)
                Channels.Add(new ChannelModel());
        }
    }

    /// <summary>Whether a parameter has to be given.</summary>
    public bool IsRequired(string parameter) => _site.Profiles.TryGetValue(_profile, out var known) && known.Parameters.Required.Contains(parameter);

    /// <summary>Channels whose subject is not chosen yet, by field.</summary>
    public Dictionary<string, string[]> Unchosen() => Channels.Select((channel, i) => (channel, i)).Where(entry => entry.channel.Observes == Open)
        .ToDictionary(entry => $"channels[{entry.i}].line", _ => Choose);

    internal AdoptRequest ToRequest() => new(
        Space,
        Id.Trim(),
        Name,
        Kind,
        Profile,
        Address,
        Purpose,
        double.TryParse(Interval.Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? seconds : null,
        Parameters.Where(parameter => parameter.Value.Trim().Length > 0).ToDictionary(parameter => parameter.Key, parameter => JsonSerializer.SerializeToElement(parameter.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))),
        [.. Channels.Select(channel => channel.ToRequest())],
        Version);

    private static string GuessKind(IEnumerable<ChannelModel> channels)
    {
        var kinds = channels.SelectMany(channel => channel.Kinds).ToList();
        return kinds.Contains("position") ? DeviceWords.Of(DeviceKind.Bollard)
            : kinds.Contains("count") || kinds.Contains("total") ? DeviceWords.Of(DeviceKind.Counter)
            : kinds.Contains("occupancy") || kinds.Contains("density") ? DeviceWords.Of(DeviceKind.CountingCamera)
            : kinds.Contains("noise") ? DeviceWords.Of(DeviceKind.NoiseMeter)
            : "";
    }
}

/// <summary>A channel in the form.</summary>
public sealed class ChannelModel
{
    public string Name { get; set; } = "";

    /// <summary>Kinds of its readings as seen; none where it was added by hand.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary><c>line NAME</c>, <c>zone NAME</c>, empty for the device itself, or not chosen yet.</summary>
    public string Observes { get; set; } = AdoptModel.Open;

    /// <summary>A channel as seen: what counts people has to be given a place, the rest speaks of the device itself.</summary>
    public static ChannelModel Of(string name, IReadOnlyList<string> kinds) => new()
    {
        Name = name,
        Kinds = kinds,
        Observes = kinds.Any(kind => kind is "count" or "total" or "occupancy" or "density") ? AdoptModel.Open : "",
    };

    internal AdoptChannel ToRequest() => Observes.Split(' ', 2) is [var subject, var id] ? new(Name.Trim(), subject == "line" ? id : null, subject == "zone" ? id : null) : new(Name.Trim(), null, null);
}
