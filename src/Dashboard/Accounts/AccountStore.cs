using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;
using Monitoring.Contracts.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>What ASP.NET Core Identity's passkey handler asks of accounts: to find one by its handle or by a passkey. Everything else goes to the accounts grain directly.</summary>
internal sealed class AccountStore(IGrainFactory grains) : IUserPasskeyStore<Account>
{
    private IAccountsGrain Accounts => grains.GetGrain<IAccountsGrain>(0);

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(Passkey.HandleOf(user.User));

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.User);

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.User);

    public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Accounts.FindByHandleAsync(userId).WaitAsync(cancellationToken);

    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => Accounts.FindAsync(normalizedUserName).WaitAsync(cancellationToken);

    public Task<Account?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) => Accounts.FindByPasskeyAsync(Base64Url.EncodeToString(credentialId)).WaitAsync(cancellationToken);

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Account user, CancellationToken cancellationToken) =>
        [.. (await Accounts.GetPasskeysAsync(user.User).WaitAsync(cancellationToken)).Select(Of)];

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await GetPasskeysAsync(user, cancellationToken)).FirstOrDefault(passkey => passkey.CredentialId.AsSpan().SequenceEqual(credentialId));

    public Task AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw NotHere();

    public Task RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) => throw NotHere();

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => throw NotHere();

    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => throw NotHere();

    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => throw NotHere();

    public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) => throw NotHere();

    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => throw NotHere();

    public void Dispose()
    {
    }

    // The handler reads neither the attestation nor the client data of a stored passkey, so they are not kept.
    private static UserPasskeyInfo Of(Passkey passkey) => new(
        Base64Url.DecodeFromChars(passkey.Id), passkey.PublicKey, passkey.CreatedAt, passkey.SignCount, [.. passkey.Transports], isUserVerified: true, passkey.BackupEligible, passkey.BackedUp, [], []);

    private static NotSupportedException NotHere() => new("Accounts change through the accounts grain.");
}
