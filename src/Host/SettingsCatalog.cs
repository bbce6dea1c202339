using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace Monitoring.Host;

/// <summary>Every setting that the hub knows, found on the options classes themselves; anything else is refused.</summary>
internal sealed class SettingsCatalog
{
    private readonly Dictionary<string, Type> _sections = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Enters an options class.</summary>
    /// <param name="section">Its section: <c>Gateway:Intake</c>.</param>
    public SettingsCatalog Add<T>(string section)
    {
        _sections[section] = typeof(T);
        return this;
    }

    /// <summary>Sections with their options classes, by name.</summary>
    public IEnumerable<KeyValuePair<string, Type>> Sections => _sections.OrderBy(section => section.Key, StringComparer.Ordinal);

    /// <summary>Names of all settings, as in <c>Gateway:Intake:PayloadBytesMax</c>.</summary>
    public IEnumerable<string> Names => Sections.SelectMany(section => PropertiesOf(section.Value).Select(property => $"{section.Key}:{property.Name}"));

    /// <summary>Settings of an options class.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type options) =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is not null);

    /// <summary>Refuses a configuration that sets something unknown.</summary>
    /// <param name="configuration">What file, environment and command line say.</param>
    /// <exception cref="HubRefusal">A setting is unknown.</exception>
    public void RefuseUnknown(IConfiguration configuration)
    {
        var known = Names.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in configuration.AsEnumerable())
        {
            if (value is null || known.Contains(name) || name.StartsWith("Logging:LogLevel:", StringComparison.OrdinalIgnoreCase))
                continue;
            var near = known.MinBy(candidate => Distance(candidate, name));
            throw new HubRefusal(ExitCode.WrongInput, $"the setting '{name}' is unknown: did you mean '{near}'? docs/reference/configuration.md lists all");
        }
    }

    /// <summary>Refuses a configuration in which a value cannot be read or is out of range.</summary>
    /// <param name="configuration">What file, environment and command line say.</param>
    /// <exception cref="HubRefusal">A value is wrong.</exception>
    public void RefuseOutOfRange(IConfiguration configuration)
    {
        foreach (var (section, type) in Sections)
        {
            var found = new List<ValidationResult>();
            var options = Bind(configuration.GetSection(section), type, section);
            if (!Validator.TryValidateObject(options, new ValidationContext(options), found, validateAllProperties: true))
                throw new HubRefusal(ExitCode.WrongInput, $"the setting {section}:{found[0].MemberNames.FirstOrDefault()} is wrong: {found[0].ErrorMessage?.TrimEnd('.')}; docs/reference/configuration.md lists ranges");
        }
    }

    private static object Bind(IConfigurationSection values, Type type, string section)
    {
        try
        {
            return values.Get(type) ?? Activator.CreateInstance(type)!;
        }
        catch (InvalidOperationException unreadable)
        {
            throw new HubRefusal(ExitCode.WrongInput, $"a setting of {section} cannot be read: {unreadable.Message.TrimEnd('.')}; write a value of its kind");
        }
    }

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                var change = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + change);
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
