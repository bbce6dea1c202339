using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Monitoring.Faults.Intake;

/// <summary>JSON that may be wrong: names twice, numbers that are none.</summary>
internal abstract record Json
{
    /// <summary>A text, properly escaped.</summary>
    public static Json Text(string text) => new Raw(JsonSerializer.Serialize(text));

    public static Json Number(long number) => new Raw(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>An object; names are taken as they are and escaped.</summary>
    public static Obj Object(params (string Name, Json Value)[] members) => new([.. members.Select(member => (JsonSerializer.Serialize(member.Name), member.Value))]);

    public static Arr List(params IEnumerable<Json> items) => new([.. items]);

    public string Write()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    /// <summary>All values in it, itself first.</summary>
    public virtual IEnumerable<Json> Values() => [this];

    /// <summary>The same with one value in another's place.</summary>
    public virtual Json With(Json old, Json now) => ReferenceEquals(this, old) ? now : this;

    protected abstract void Write(StringBuilder text);

    /// <summary>Written as it stands, JSON or not.</summary>
    internal sealed record Raw(string Value) : Json
    {
        protected override void Write(StringBuilder text) => text.Append(Value);
    }

    internal sealed record Obj(IReadOnlyList<(string Name, Json Value)> Members) : Json
    {
        public override IEnumerable<Json> Values() => [this, .. Members.SelectMany(member => member.Value.Values())];

        public override Json With(Json old, Json now) => ReferenceEquals(this, old) ? now : new Obj([.. Members.Select(member => (member.Name, member.Value.With(old, now)))]);

        protected override void Write(StringBuilder text)
        {
            text.Append('{');
            for (var i = 0; i < Members.Count; i++)
            {
                text.Append(i == 0 ? "" : ",").Append(Members[i].Name).Append(':');
                Members[i].Value.Write(text);
            }

            text.Append('}');
        }
    }

    internal sealed record Arr(IReadOnlyList<Json> Items) : Json
    {
        public override IEnumerable<Json> Values() => [this, .. Items.SelectMany(item => item.Values())];

        public override Json With(Json old, Json now) => ReferenceEquals(this, old) ? now : new Arr([.. Items.Select(item => item.With(old, now))]);

        protected override void Write(StringBuilder text)
        {
            text.Append('[');
            for (var i = 0; i < Items.Count; i++)
            {
                text.Append(i == 0 ? "" : ",");
                Items[i].Write(text);
            }

            text.Append(']');
        }
    }
}
