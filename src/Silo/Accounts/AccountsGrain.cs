using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Monitoring.Contracts.Accounts;
using Monitoring.Contracts.Spaces;
using Monitoring.Domain;
using Monitoring.Domain.Accounts;
using Orleans.Storage;

namespace Monitoring.Silo.Accounts;

/// <summary>Keeps local accounts, the hashes of their secrets, and how often somebody got a password wrong. One call after the other: what it checks still holds when it writes.</summary>
internal sealed class AccountsGrain([PersistentState("accounts")] IPersistentState<AccountsState> store, HubClock clock, IOptions<AccountOptions> options, ILogger<AccountsGrain> logger) : Grain, IAccountsGrain
{
    private readonly LockOutRule _rule = options.Value.Rule;

    private Dictionary<string, StoredAccount> Accounts => store.State.Accounts;

    private DateTimeOffset Now => clock.Wall.GetUtcNow();

    public Task<Account?> FindAsync(string user) => Task.FromResult(Accounts.GetValueOrDefault(user)?.Account);

    public Task<Account?> FindByTokenAsync(string tokenHash) =>
        Task.FromResult(Accounts.Values.FirstOrDefault(stored => !stored.Account.Disabled && stored.Tokens.Any(token => token.Hash == tokenHash))?.Account);

    public Task<Account?> FindByHandleAsync(string handle) => Task.FromResult(Accounts.Values.FirstOrDefault(stored => Passkey.HandleOf(stored.Account.User) == handle)?.Account);

    public Task<Account?> FindByPasskeyAsync(string id) => Task.FromResult(Accounts.Values.FirstOrDefault(stored => stored.Passkeys.Any(passkey => passkey.Id == id))?.Account);

    public Task<IReadOnlyList<Account>> ListAsync() => Task.FromResult<IReadOnlyList<Account>>([.. InOrder().Select(stored => stored.Account)]);

    public Task<IReadOnlyList<AccountState>> DescribeAsync() => Task.FromResult<IReadOnlyList<AccountState>>([.. InOrder().Select(Describe)]);

    public Task<IReadOnlyList<Passkey>> GetPasskeysAsync(string user) => Task.FromResult(Accounts.GetValueOrDefault(user)?.Passkeys ?? []);

    public Task<bool> AnyAsync() => Task.FromResult(Accounts.Count > 0);

    public async Task<bool> AddFirstAsync(Account account) => Accounts.Count == 0 && await AddAsync(account);

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
        await SaveAsync(account.User, stored.With(account));
        return true;
    }

    public async Task<Account?> ChangeAsync(string user, AccountChange change)
    {
        if (!Accounts.TryGetValue(user, out var stored) || (change.IfStamp is { } stamp && stamp != stored.Account.Stamp))
            return null;
        var account = stored.Account with
        {
            Stamp = change.Stamp,
            PasswordHash = change.PasswordHash ?? stored.Account.PasswordHash,
            Disabled = change.Disabled ?? stored.Account.Disabled,
            Spaces = change.Spaces ?? stored.Account.Spaces,
        };
        var changed = stored.With(account);
        await SaveAsync(user, changed with
        {
            Passkeys = change.RemovePasskeys ? [] : changed.Passkeys,
            WrongPasswords = change.PasswordHash is null ? changed.WrongPasswords : LockOut.None,
        });
        return account;
    }

    public async Task<Account?> PasswordAttemptAsync(string user)
    {
        var now = Now;
        if (Accounts.TryGetValue(user, out var stored) && !stored.Account.Disabled && !stored.WrongPasswords.IsLocked(now, _rule))
        {
            await SaveAsync(user, stored with { WrongPasswords = stored.WrongPasswords.Attempt(now, _rule) });
            return stored.Account;
        }

        // The same write without a change: the time of the answer must not tell whether there is such an account.
        await WriteAsync();
        return null;
    }

    public async Task PasswordRightAsync(string user)
    {
        if (Accounts.TryGetValue(user, out var stored))
            await SaveAsync(user, stored with { WrongPasswords = LockOut.None });
    }

    public async Task<bool> AddPasskeyAsync(string user, Passkey passkey)
    {
        if (!Accounts.TryGetValue(user, out var stored) || stored.Account.Disabled || stored.Passkeys.Count >= AccountLimits.PasskeysMax || await FindByPasskeyAsync(passkey.Id) is not null)
            return false;
        await SaveAsync(user, stored with { Passkeys = [.. stored.Passkeys, passkey] });
        return true;
    }

    public async Task<bool> PasskeyUsedAsync(string user, string id, uint signCount, bool backedUp)
    {
        if (!Accounts.TryGetValue(user, out var stored) || stored.Passkeys.FirstOrDefault(passkey => passkey.Id == id) is not { } used || (used.SignCount > 0 && signCount <= used.SignCount))
            return false;
        await SaveAsync(user, stored with { Passkeys = [.. stored.Passkeys.Select(passkey => passkey == used ? used with { SignCount = signCount, BackedUp = backedUp } : passkey)] });
        return true;
    }

    public async Task<bool> RemovePasskeyAsync(string user, string id)
    {
        if (!Accounts.TryGetValue(user, out var stored) || stored.Passkeys.All(passkey => passkey.Id != id))
            return false;
        await SaveAsync(user, stored with { Passkeys = [.. stored.Passkeys.Where(passkey => passkey.Id != id)] });
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

    private IEnumerable<StoredAccount> InOrder() => Accounts.Values.OrderBy(stored => stored.Account.User, StringComparer.Ordinal);

    private AccountState Describe(StoredAccount stored) => new(
        stored.Account,
        [.. stored.Tokens.Select(token => token.Name)],
        stored.Passkeys.Count,
        stored.WrongPasswords.IsLocked(Now, _rule) ? stored.WrongPasswords.LockedUntil : null);

    // What could not be stored must not be true in memory either.
    private async Task SaveAsync(string user, StoredAccount account)
    {
        var before = Accounts.GetValueOrDefault(user);
        Accounts[user] = account;
        try
        {
            await WriteAsync();
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

    // A write of another activation ends this one, as the runtime does by itself when it sees the error.
    private async Task WriteAsync()
    {
        try
        {
            await store.WriteStateAsync();
        }
#pragma warning disable CA1031 // Whatever keeps the store from writing is the same to a person: it was not done.
        catch (Exception fault) when (fault is not InconsistentStateException)
#pragma warning restore CA1031
        {
            logger.AccountsNotSaved(fault);
            throw new NotStoredException();
        }
    }
}
