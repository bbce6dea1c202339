using System.Reflection;
using Monitoring.Contracts.History;
using Monitoring.Contracts.Spaces;
using Monitoring.Dashboard.History;
using Monitoring.Silo.History;

namespace Monitoring.Host.Tests.Privacy;

/// <summary>In the compiled code: from pages, questions and files of released numbers there is no way to the live state of a space.</summary>
public sealed class ReadPathTests
{
    private static readonly HashSet<string> Live = [.. typeof(ISpaceGrain).GetMethods().Select(method => $"{nameof(ISpaceGrain)}.{method.Name}")];

    private static readonly CallGraph Hub = CallGraph.OfHub();

    private static readonly ILookup<string, string> Reaching = Live.SelectMany(live => Hub.WaysTo(live))
        .Select(way => way.Split(" > ")[0].Replace(" (lambda)", "", StringComparison.Ordinal)).Distinct()
        .ToLookup(caller => caller[..caller.LastIndexOf('.')].TrimEnd('.'), caller => caller);

    [Fact]
    public void Of_the_pages_and_routes_of_history_only_alarms_which_the_control_room_reads_come_from_spaces() =>
        Assert.Equal(["AlarmHistory.OfDeviceAsync", "AlarmHistory.OfSpaceAsync", "HistoryApi.DeviceAsync", "HistoryApi.MapHistory"], TypesOf(typeof(AlarmHistory).Assembly, "Monitoring.Dashboard.History").SelectMany(type => Reaching[type]).Order(StringComparer.Ordinal));

    [Fact]
    public void What_answers_a_question_about_history_asks_no_space_which_its_own_timer_does()
    {
        Assert.Equal([nameof(HistoryGrain)], TypesOf(typeof(HistoryGrain).Assembly, "Monitoring.Silo.History").Where(Reaching.Contains));
        Assert.Equal(
            ["HistoryGrain.AskSpacesAsync", "HistoryGrain.LookAsync", "HistoryGrain.OnActivateAsync", "HistoryGrain.ReadHealthAsync", "HistoryGrain.ReadTermsAsync"],
            Reaching[nameof(HistoryGrain)].Order(StringComparer.Ordinal));
        Assert.DoesNotContain(typeof(IHistoryGrain).GetMethods(), method => Reaching[nameof(HistoryGrain)].Contains($"{nameof(HistoryGrain)}.{method.Name}"));
    }

    // What a compiler made stands under what a person wrote.
    private static List<string> TypesOf(Assembly assembly, string room) =>
        [.. assembly.GetTypes().Where(type => type.Namespace == room && type.DeclaringType is null && !type.Name.StartsWith('<')).Select(type => type.Name.Split('`')[0]).Distinct().Order(StringComparer.Ordinal)];
}
