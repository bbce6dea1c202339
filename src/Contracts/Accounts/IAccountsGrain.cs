using Monitoring.Domain.Accounts;

namespace Monitoring.Contracts.Accounts;

/// <summary>Local accounts and their API tokens. Key: 0. Secrets reach it hashed.</summary>
[GrainInterfaceType("accounts"), Alias("accounts")]
public interface IAccountsGrain : IGrainWithIntegerKey
{
    /// <summary>Finds an account.</summary>
    /// <param name="user">User name.</param>
    [Alias("find")]
    Task<Account?> FindAsync(string user);

    /// <summary>Finds the account of an API token.</summary>
    /// <param name="tokenHash">SHA-256 of the token, lower-case hex.</param>
    /// <returns>The account; null where no token fits or the account is disabled.</returns>
    [Alias("find-by-token")]
    Task<Account?> FindByTokenAsync(string tokenHash);

    /// <summary>All accounts by name.</summary>
    [Alias("list")]
    Task<IReadOnlyList<Account>> ListAsync();

    /// <summary>Adds an account.</summary>
    /// <param name="account">The account.</param>
    /// <returns>False where the name is taken, or there are <see cref="AccountLimits.AccountsMax"/> already.</returns>
    [Alias("add")]
    Task<bool> AddAsync(Account account);

    /// <summary>Replaces an account of the same name: a new password, disabled or not. A disabled one loses its tokens.</summary>
    /// <param name="account">The account.</param>
    /// <returns>False where there is none.</returns>
    [Alias("replace")]
    Task<bool> ReplaceAsync(Account account);

    /// <summary>Gives an account one more API token.</summary>
    /// <param name="user">User name.</param>
    /// <param name="token">The token.</param>
    /// <returns>False where there is no such account, the token's name is taken, or it has <see cref="AccountLimits.TokensMax"/> already.</returns>
    [Alias("add-token")]
    Task<bool> AddTokenAsync(string user, ApiToken token);

    /// <summary>Takes an API token back.</summary>
    /// <param name="user">User name.</param>
    /// <param name="name">Name of the token.</param>
    /// <returns>False where there is none.</returns>
    [Alias("revoke-token")]
    Task<bool> RevokeTokenAsync(string user, string name);
}

/// <summary>Limits on accounts.</summary>
public static class AccountLimits
{
    /// <summary>Most accounts of one hub.</summary>
    public const int AccountsMax = 1_000;

    /// <summary>Most tokens of one account.</summary>
    public const int TokensMax = 20;

    /// <summary>Most spaces that one account can be limited to; all of them is no limit.</summary>
    public const int SpacesMax = 50;
}

/// <summary>A person or program that may sign in.</summary>
/// <param name="User">User name: 1 to 64 of a to z, 0 to 9, dot, dash.</param>
/// <param name="Role">What it may see and do.</param>
/// <param name="PasswordHash">ASP.NET Core Identity's hash; empty where it cannot sign in with a password.</param>
/// <param name="Stamp">Changes whenever what it may do changes; sessions of an older stamp end.</param>
/// <param name="Disabled">Whether it may not sign in.</param>
[Immutable, GenerateSerializer, Alias("account")]
public sealed record Account(
    [property: Id(0)] string User,
    [property: Id(1)] Role Role,
    [property: Id(2)] string PasswordHash,
    [property: Id(3)] string Stamp,
    [property: Id(4)] bool Disabled)
{
    /// <summary>Ids of the spaces it may see; empty for all spaces of the site. At most <see cref="AccountLimits.SpacesMax"/>.</summary>
    [Id(5)]
    public IReadOnlyList<string> Spaces { get; init; } = [];
}

/// <summary>An API token, without the token itself.</summary>
/// <param name="Name">Name to tell it by.</param>
/// <param name="Hash">SHA-256 of the token, lower-case hex. The token has 256 random bits, so that a plain hash suffices.</param>
[Immutable, GenerateSerializer, Alias("api-token")]
public sealed record ApiToken([property: Id(0)] string Name, [property: Id(1)] string Hash);
