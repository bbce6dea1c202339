using Monitoring.Contracts.Accounts;
using Monitoring.Domain.Accounts;

namespace Monitoring.Silo.Accounts;

/// <summary>All accounts.</summary>
internal sealed class AccountsState
{
    /// <summary>Accounts by user name.</summary>
    public Dictionary<string, StoredAccount> Accounts { get; init; } = [];
}

/// <summary>An account with its tokens.</summary>
internal sealed record StoredAccount(Account Account, IReadOnlyList<ApiToken> Tokens)
{
    /// <summary>Its passkeys, oldest first.</summary>
    public IReadOnlyList<Passkey> Passkeys { get; init; } = [];

    /// <summary>Wrong passwords of late.</summary>
    public LockOut WrongPasswords { get; init; } = LockOut.None;

    /// <summary>The same with another account record. A disabled one keeps no token and no passkey: enabling it again must not open an old door.</summary>
    public StoredAccount With(Account account) => account.Disabled ? new(account, []) : this with { Account = account };
}
