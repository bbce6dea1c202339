namespace Monitoring.Domain.Spaces;

/// <summary>What the public notice of a space says and the hub cannot know. What nobody said is null, and the notice says that it is missing.</summary>
/// <param name="Purpose">What people are counted for, so that it fits behind "so that".</param>
/// <param name="ControlRoom">Who sees live numbers.</param>
/// <param name="Contact">Where questions and objections go.</param>
/// <param name="Authority">The supervisory authority.</param>
/// <param name="Assessment">The impact assessment with version and date: a link, or where it can be read.</param>
/// <param name="Changes">Where changes and mistakes are made known.</param>
public sealed record SpaceNotice(string? Purpose = null, string? ControlRoom = null, string? Contact = null, string? Authority = null, string? Assessment = null, string? Changes = null)
{
    /// <summary>Longest text of one field.</summary>
    public const int TextCharsMax = 500;

    /// <summary>Reads the section <c>notice</c> of a site or space; what it does not say is as of the whole site.</summary>
    /// <param name="owner">The site or space.</param>
    /// <param name="otherwise">What holds where the section says nothing.</param>
    /// <param name="problems">Where problems go.</param>
    public static SpaceNotice Read(DocumentFields owner, SpaceNotice otherwise, DocumentProblems problems)
    {
        ArgumentNullException.ThrowIfNull(owner);
        ArgumentNullException.ThrowIfNull(otherwise);
        ArgumentNullException.ThrowIfNull(problems);
        if (owner.Optional("notice") is not { } node)
            return otherwise;
        var fields = new DocumentFields(node, "notice", problems);
        var notice = new SpaceNotice(
            Text(fields, "purpose", problems) ?? otherwise.Purpose,
            Text(fields, "controlRoom", problems) ?? otherwise.ControlRoom,
            Text(fields, "contact", problems) ?? otherwise.Contact,
            Text(fields, "authority", problems) ?? otherwise.Authority,
            Text(fields, "assessment", problems) ?? otherwise.Assessment,
            Text(fields, "changes", problems) ?? otherwise.Changes);
        fields.RefuseUnknown();
        return notice;
    }

    private static string? Text(DocumentFields fields, string name, DocumentProblems problems)
    {
        var text = fields.TextOr(name, "");
        if (text.Length > TextCharsMax)
            problems.Add(fields.LineOf(name), $"{name} of the notice has {text.Length} characters", $"use at most {TextCharsMax}, and link to the rest");
        return text.Length > 0 ? text : null;
    }
}
