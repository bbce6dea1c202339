using System.ComponentModel.DataAnnotations;

namespace Monitoring.Gateway.Accounts;

/// <summary>What wrong secrets of equipment lead to. Section <c>Gateway:SignIn</c>.</summary>
public sealed class ConnectionSignInOptions
{
    /// <summary>Wrong secrets from one address within the window; then secrets that people chose are not looked at for a while. 1 to 100,000. Default 30.</summary>
    [Range(1, 100_000)]
    public int WrongPerAddressMax { get; set; } = 30;

    /// <summary>Wrong secrets for one user name within the window, from all addresses together, and again from each address from which it signed in before. 1 to 10,000. Default 10.</summary>
    [Range(1, 10_000)]
    public int WrongPerNameMax { get; set; } = 10;

    /// <summary>Length of the window, seconds, 1 to 86,400: at the limit one further secret is looked at in each part of it, 300 s / 10 = 30 s. Default 300.</summary>
    [Range(1, 86_400)]
    public int WindowSeconds { get; set; } = 300;
}
