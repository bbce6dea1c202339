using System.Security.Claims;
using Monitoring.Dashboard.Accounts;
using Monitoring.Domain.Accounts;

namespace Monitoring.Host.Tests.Accounts;

public sealed class OidcPersonTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);
    private static readonly OidcOptions Options = new() { Authority = "https://login.example.org", ClientId = "hub", Roles = "CN=heads,OU=police=supervisor; ops=operator", ScopeClaim = "spaces" };

    [Fact]
    public void The_first_line_of_the_table_that_fits_decides_whatever_the_order_in_the_token()
    {
        var person = OidcPerson.Of(Token(("roles", "ops"), ("roles", "CN=heads,OU=police"), ("spaces", "north"), ("spaces", "south")), Options, Now)!;
        Assert.Equal(Role.Supervisor, person.RoleOf());
        Assert.Equal(["north", "south"], person.FindAll(HubClaims.Space).Select(claim => claim.Value));
        Assert.Equal("sso:id-7", person.Identity!.Name);
    }

    [Theory]
    [InlineData("roles", "Ops", "spaces", "north")]
    [InlineData("groups", "ops", "spaces", "north")]
    [InlineData("roles", "ops", "space", "north")]
    public void Without_a_mapped_role_or_the_scope_that_is_asked_for_nobody_gets_in(string roleClaim, string role, string scopeClaim, string space) =>
        Assert.Null(OidcPerson.Of(Token((roleClaim, role), (scopeClaim, space)), Options, Now));

    [Fact]
    public void A_session_ends_with_its_time_and_with_the_settings_that_opened_it()
    {
        var person = OidcPerson.Of(Token(("roles", "ops"), ("spaces", "north")), Options, Now)!;
        Assert.True(OidcPerson.Stands(person, Options, Now.AddHours(12).AddSeconds(-1)));
        Assert.False(OidcPerson.Stands(person, Options, Now.AddHours(12)));
        Assert.False(OidcPerson.Stands(person, new OidcOptions(), Now));
        Assert.False(OidcPerson.Stands(person, new OidcOptions { Authority = Options.Authority, ClientId = Options.ClientId, ScopeClaim = Options.ScopeClaim, Roles = "CN=heads,OU=police=supervisor" }, Now));
    }

    private static ClaimsPrincipal Token(params (string Type, string Value)[] claims) =>
        new(new ClaimsIdentity([new("sub", "id-7"), .. claims.Select(claim => new Claim(claim.Type, claim.Value))], "id-token"));
}
