using Microsoft.JSInterop;

namespace Monitoring.Dashboard.Web;

/// <summary>What every island of script on a page needs.</summary>
internal static class Scripts
{
    /// <summary>Lets a module or an object of the page go; a page that is gone has let go already.</summary>
    public static async ValueTask LetGoAsync(this IJSObjectReference script)
    {
        try
        {
            await script.DisposeAsync();
        }
        catch (Exception error) when (error is JSDisconnectedException or JSException or OperationCanceledException)
        {
            // The page is gone.
        }
    }
}
