using Monitoring.Contracts.Accounts;

namespace Monitoring.Dashboard.Accounts;

/// <summary>One attempt with a password. Unknown, disabled, locked and wrong cost the same and are told alike.</summary>
internal static class PasswordCheck
{
    /// <returns>The account; null where the password does not open it now.</returns>
    public static async Task<Account?> RunAsync(IGrainFactory grains, string user, string password)
    {
        var accounts = grains.GetGrain<IAccountsGrain>(0);
        // Counted first and looked at then: an attempt whose caller hangs up has been made all the same.
        var account = await accounts.PasswordAttemptAsync(user);
        if (!NewAccount.Verify(account, password))
            return null;
        await accounts.PasswordRightAsync(user);
        return account;
    }
}
