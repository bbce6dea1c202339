using System.Security.Claims;
using Monitoring.Contracts.Intake;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain.Spaces;

namespace Monitoring.Dashboard.Intake;

/// <summary>The one place where refused messages are cut to what a person may see.</summary>
internal static class RefusalScope
{
    /// <summary>The messages in a person's scope.</summary>
    /// <remarks>Whose a refused message is, only its topic tells; what names no device in scope is for those who see the whole site.</remarks>
    public static IEnumerable<RejectedMessage> InScope(this IEnumerable<RejectedMessage> messages, ClaimsPrincipal user, IEnumerable<PublicSpace> spaces)
    {
        if (!user.IsScoped())
            return messages;
        var devices = spaces.Where(space => user.Sees(space.Id)).SelectMany(space => space.Devices).Select(device => device.Id).ToHashSet(StringComparer.Ordinal);
        return messages.Where(message => message.Topic.Split('/').Any(devices.Contains));
    }
}
