using Monitoring.Contracts.Accounts;

namespace Monitoring.Silo.Accounts;

/// <summary>Keeps local accounts and the hashes of their tokens.</summary>
internal sealed class AccountsGrain([PersistentState("accounts")] IPersistentState<AccountsState> store) : Grain, IAccountsGrain
{
    private Dictionary<string, StoredAccount> Accounts => store.State.Accounts;

    public Task<Account?> FindAsync(string user) => Task.FromResult(Accounts.GetValueOrDefault(user)?.Account);

    public Task<Account?> FindByTokenAsync(string tokenHash) =>
        Task.FromResult(Accounts.Values.FirstOrDefault(stored => !stored.Account.Disabled && stored.Tokens.Any(token => token.Hash == tokenHash))?.Account);

    public Task<IReadOnlyList<Account>> ListAsync() =>
        Task.FromResult<IReadOnlyList<Account>>([.. Accounts.Values.Select(stored => stored.Account).OrderBy(account => account.User, StringComparer.Ordinal)]);

    public async Task<bool> AddAsync(Account account)
    {
        if (Accounts.Count >= AccountLimits.AccountsMax || Accounts.ContainsKey(account.User))
            return false;
        await SaveAsync(account.User, new StoredAccount(account, []));
        return true;
    }

    public async Task<bool> ReplaceAsync(Account account)
    {
        if (!Accounts.TryGetValue(account.User, out var stored))
            return false;
        // A disabled account keeps no token: enabling it again must not open an old door.
        await SaveAsync(account.User, new StoredAccount(account, account.Disabled ? [] : stored.Tokens));
        return true;
    }

    public async Task<bool> AddTokenAsync(string user, ApiToken token)
    {
        if (!Accounts.TryGetValue(user, out var stored) || stored.Tokens.Count >= AccountLimits.TokensMax || stored.Tokens.Any(known => known.Name == token.Name))
            return false;
        await SaveAsync(user, stored with { Tokens = [.. stored.Tokens, token] });
        return true;
    }

    public async Task<bool> RevokeTokenAsync(string user, string name)
    {
        if (!Accounts.TryGetValue(user, out var stored) || stored.Tokens.All(known => known.Name != name))
            return false;
        await SaveAsync(user, stored with { Tokens = [.. stored.Tokens.Where(known => known.Name != name)] });
        return true;
    }

    // What could not be stored must not be true in memory either.
    private async Task SaveAsync(string user, StoredAccount account)
    {
        var before = Accounts.GetValueOrDefault(user);
        Accounts[user] = account;
        try
        {
            await store.WriteStateAsync();
        }
        catch
        {
            if (before is null)
                Accounts.Remove(user);
            else
                Accounts[user] = before;
            throw;
        }
    }
}

/// <summary>All accounts.</summary>
internal sealed class AccountsState
{
    /// <summary>Accounts by user name.</summary>
    public Dictionary<string, StoredAccount> Accounts { get; init; } = [];
}

/// <summary>An account with its tokens.</summary>
internal sealed record StoredAccount(Account Account, IReadOnlyList<ApiToken> Tokens);
