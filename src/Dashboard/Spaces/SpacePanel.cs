using Microsoft.AspNetCore.Components;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Spaces;

/// <summary>A panel of the space view: drawn again only when the feed has a new instance of the space.</summary>
public abstract class SpacePanel : ComponentBase
{
    private SpaceLive? _drawn;

    /// <summary>The space.</summary>
    [Parameter]
    [EditorRequired]
    public SpaceLive Space { get; set; } = null!;

    /// <summary>Its state; null before the first.</summary>
    protected SpaceSnapshot? State => Space.Snapshot;

    /// <summary>Whether something else than the space has changed.</summary>
    protected virtual bool OtherChanged => false;

    /// <inheritdoc/>
    protected override bool ShouldRender() => !ReferenceEquals(_drawn, Space) || OtherChanged;

    /// <inheritdoc/>
    protected override void OnAfterRender(bool firstRender) => _drawn = Space;
}
