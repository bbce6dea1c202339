using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Monitoring.Host.Tests.Reference;

/// <summary>docs/reference/configuration.md is made from the options classes: no setting is missing from it, none is wrong.</summary>
public sealed partial class ConfigurationReferenceTests
{
    private const string Head = """
        # Settings

        Command line over environment over `monitoring.json` (in the current folder). In the environment a setting's name begins with
        `MONITORING__` and `__` stands for `:`, so `Gateway:MqttPort` is `MONITORING__Gateway__MqttPort`; in `monitoring.json` sections nest:
        `{ "Gateway": { "MqttPort": 1884 } }`. An unknown setting, or one out of range, is an error: the hub says which and does not start.
        `Logging:LogLevel:CATEGORY` sets log levels as in ASP.NET Core. This page is made from the code; a test compares them.

        Not settings but files of the data folder (folder mode 0700, files 0600): connection secrets (`gateway/secrets.json`, hashed),
        accounts and tokens (`silo/state.db`, hashed), cookie keys (`dashboard/keys`, in the clear: who reads them can forge a session),
        `metrics-token`, `clock` (which kind of hub the folder belongs to) and, while it runs, `hub.json` (address and admin token for commands on this machine).


        """;

    [Fact]
    public void Lists_every_setting_with_unit_range_and_default()
    {
        var text = new StringBuilder(Head);
        foreach (var (section, options) in HubProcess.Catalog.Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"## `{section}`\n\n{Summary(options, null)}\n\n| setting | default | what |\n|---|---|---|\n");
            var defaults = Activator.CreateInstance(options)!;
            foreach (var property in SettingsCatalog.PropertiesOf(options))
                text.Append(CultureInfo.InvariantCulture, $"| `{section}:{property.Name}` | `{property.GetValue(defaults)}` | {Summary(options, property)} |\n");
            text.Append('\n');
        }

        GoldenFile.MustBe(text.ToString().TrimEnd() + "\n", "docs", "reference", "configuration.md");
    }

    private static string Summary(Type options, PropertyInfo? property)
    {
        var docs = XDocument.Load(Path.ChangeExtension(options.Assembly.Location, ".xml"));
        var name = property is null ? $"T:{options.FullName}" : $"P:{options.FullName}.{property.Name}";
        var summary = docs.Descendants("member").SingleOrDefault(member => (string?)member.Attribute("name") == name)?.Element("summary")
            ?? throw new InvalidOperationException($"{name} has no summary.");
        var text = string.Concat(summary.Nodes().Select(node => node is XElement { Name.LocalName: "c" } code ? $"`{code.Value}`" : (node as XText)?.Value));
        return Blanks().Replace(text, " ").Trim().Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
