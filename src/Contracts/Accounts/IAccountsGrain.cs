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

    /// <summary>All accounts by name, with what stands beside them.</summary>
    [Alias("describe")]
    Task<IReadOnlyList<AccountState>> DescribeAsync();

    /// <summary>Whether there is an account at all.</summary>
    [Alias("any")]
    Task<bool> AnyAsync();

    /// <summary>Adds the first account. Of several at the same moment one is.</summary>
    /// <param name="account">The account.</param>
    /// <returns>False where there is an account already.</returns>
    [Alias("add-first")]
    Task<bool> AddFirstAsync(Account account);

    /// <summary>Adds an account.</summary>
    /// <param name="account">The account.</param>
    /// <returns>False where the name is taken, or there are <see cref="AccountLimits.AccountsMax"/> already.</returns>
    [Alias("add")]
    Task<bool> AddAsync(Account account);

    /// <summary>Replaces an account of the same name: a new password, disabled or not. A disabled one loses its tokens and passkeys.</summary>
    /// <param name="account">The account.</param>
    /// <returns>False where there is none.</returns>
    [Alias("replace")]
    Task<bool> ReplaceAsync(Account account);

    /// <summary>Changes some of an account. A disabled one loses its tokens and passkeys; a new password unlocks it.</summary>
    /// <param name="user">User name.</param>
    /// <param name="change">What becomes different.</param>
    /// <returns>The account as it is now; null where there is none, or its stamp is not the one asked for.</returns>
    [Alias("change")]
    Task<Account?> ChangeAsync(string user, AccountChange change);

    /// <summary>Begins an attempt to sign in with a password: it counts as wrong until <see cref="PasswordRightAsync"/> says otherwise. It takes the same time whoever is asked for.</summary>
    /// <param name="user">User name.</param>
    /// <returns>The account whose password is to be checked; null where there is none, it is disabled, or its password is locked.</returns>
    [Alias("password-attempt")]
    Task<Account?> PasswordAttemptAsync(string user);

    /// <summary>Says that the password was right: earlier wrong ones are forgotten.</summary>
    /// <param name="user">User name.</param>
    [Alias("password-right")]
    Task PasswordRightAsync(string user);

    /// <summary>Finds the account of a passkey's user handle.</summary>
    /// <param name="handle">The handle: <see cref="Passkey.HandleOf"/>.</param>
    [Alias("find-by-handle")]
    Task<Account?> FindByHandleAsync(string handle);

    /// <summary>Finds the account that a passkey opens.</summary>
    /// <param name="id">Credential id.</param>
    [Alias("find-by-passkey")]
    Task<Account?> FindByPasskeyAsync(string id);

    /// <summary>Passkeys of an account, oldest first; none where there is no such account.</summary>
    /// <param name="user">User name.</param>
    [Alias("passkeys")]
    Task<IReadOnlyList<Passkey>> GetPasskeysAsync(string user);

    /// <summary>Gives an account one more passkey.</summary>
    /// <param name="user">User name.</param>
    /// <param name="passkey">The passkey.</param>
    /// <returns>False where there is no such account or it is disabled, some account has the passkey, or it has <see cref="AccountLimits.PasskeysMax"/> already.</returns>
    [Alias("add-passkey")]
    Task<bool> AddPasskeyAsync(string user, Passkey passkey);

    /// <summary>Notes that a passkey was used.</summary>
    /// <param name="user">User name.</param>
    /// <param name="id">Credential id.</param>
    /// <param name="signCount">The authenticator's signature counter; 0 where it keeps none.</param>
    /// <param name="backedUp">Whether the authenticator says that it is backed up.</param>
    /// <returns>False where the passkey is gone, or its counter did not advance: an answer that was sent before, or a copied authenticator.</returns>
    [Alias("passkey-used")]
    Task<bool> PasskeyUsedAsync(string user, string id, uint signCount, bool backedUp);

    /// <summary>Takes a passkey back.</summary>
    /// <param name="user">User name.</param>
    /// <param name="id">Credential id.</param>
    /// <returns>False where there is none.</returns>
    [Alias("remove-passkey")]
    Task<bool> RemovePasskeyAsync(string user, string id);

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

    /// <summary>Most passkeys of one account.</summary>
    public const int PasskeysMax = 10;

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

/// <summary>An account and what stands beside it, for administrators.</summary>
/// <param name="Account">The account.</param>
/// <param name="Tokens">Names of its API tokens.</param>
/// <param name="Passkeys">How many passkeys it has.</param>
/// <param name="LockedUntil">Until when its password is locked, UTC; null where it is not.</param>
[Immutable, GenerateSerializer, Alias("account-state")]
public sealed record AccountState(
    [property: Id(0)] Account Account,
    [property: Id(1)] IReadOnlyList<string> Tokens,
    [property: Id(2)] int Passkeys,
    [property: Id(3)] DateTimeOffset? LockedUntil);

/// <summary>What becomes different in an account; what is null stays.</summary>
/// <param name="Stamp">New stamp: its sessions end.</param>
[Immutable, GenerateSerializer, Alias("account-change")]
public sealed record AccountChange([property: Id(0)] string Stamp)
{
    /// <summary>Hash of a new password; earlier wrong ones are forgotten.</summary>
    [Id(1)]
    public string? PasswordHash { get; init; }

    /// <summary>Whether it may not sign in.</summary>
    [Id(2)]
    public bool? Disabled { get; init; }

    /// <summary>Ids of the spaces it may see; empty for all.</summary>
    [Id(3)]
    public IReadOnlyList<string>? Spaces { get; init; }

    /// <summary>Whether its passkeys are taken back.</summary>
    [Id(4)]
    public bool RemovePasskeys { get; init; }

    /// <summary>The stamp it must have now, so that a change decided on an older state is not made.</summary>
    [Id(5)]
    public string? IfStamp { get; init; }
}

/// <summary>An API token, without the token itself.</summary>
/// <param name="Name">Name to tell it by.</param>
/// <param name="Hash">SHA-256 of the token, lower-case hex. The token has 256 random bits, so that a plain hash suffices.</param>
[Immutable, GenerateSerializer, Alias("api-token")]
public sealed record ApiToken([property: Id(0)] string Name, [property: Id(1)] string Hash);
