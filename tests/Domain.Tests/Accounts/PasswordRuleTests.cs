using Monitoring.Domain.Accounts;

namespace Monitoring.Domain.Tests.Accounts;

public sealed class PasswordRuleTests
{
    [Theory]
    [InlineData("blue kettle walks north")]
    [InlineData("alllowercase")]
    [InlineData("kf8-2mq-91zt")]
    [InlineData("Straßenlaterne grün")]
    [InlineData("eve likes long walks")]
    public void A_long_password_is_taken_whatever_it_is_made_of(string password) => Assert.Null(PasswordRule.Problem("eve", password));

    [Theory]
    [InlineData("elevenchars")]
    [InlineData("passwordpassword")]
    [InlineData("Password2026!")]
    [InlineData("12345678901234")]
    [InlineData("abcdefghijklmn")]
    [InlineData("aaaaaaaaaaaaaa")]
    [InlineData("ababababababab")]
    [InlineData("Monitoring2026")]
    [InlineData("2026-08-01-2026")]
    [InlineData("margarete-12345")]
    [InlineData("MARGARETE!!!!!")]
    public void Short_common_and_personal_ones_are_refused(string password) => Assert.NotNull(PasswordRule.Problem("margarete", password));

    [Fact]
    public void The_limits_hold_at_their_edge()
    {
        const string letters = "kxbtqmvrwzpd";
        Assert.Null(PasswordRule.Problem("eve", letters));
        Assert.NotNull(PasswordRule.Problem("eve", letters[..^1]));
        var longest = string.Concat(Enumerable.Repeat("kxbtqmvr", PasswordRule.LengthMax / 8));
        Assert.Null(PasswordRule.Problem("eve", longest));
        Assert.NotNull(PasswordRule.Problem("eve", longest + "x"));
    }
}
