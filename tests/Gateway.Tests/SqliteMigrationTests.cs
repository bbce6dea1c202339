using Monitoring.Storage;

namespace Monitoring.Gateway.Tests;

public sealed class SqliteMigrationTests : IDisposable
{
    private static readonly SqliteSchema First = new("CREATE TABLE one (a TEXT)");
    private static readonly SqliteSchema Third = new("CREATE TABLE one (a TEXT, b TEXT, c TEXT)", "ALTER TABLE one ADD COLUMN b TEXT", "ALTER TABLE one ADD COLUMN c TEXT; UPDATE one SET c = a");

    private readonly string _path = Path.Combine(RunningGateway.NewFolder(), "store.db");

    private string Copy => _path + ".schema-1";

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void An_older_form_is_copied_and_taken_through_each_step()
    {
        WriteFirst();
        SqliteMigration? told = null;
        using (var file = SqliteFile.Open(_path, Third, done => told = done))
            Assert.Equal(("kept", 3), (SqliteFile.Scalar(file, "SELECT c FROM one"), SqliteFile.SchemaOf(file)));
        Assert.Equal(new SqliteMigration(_path, 1, 3, Copy), told);
        using var copy = SqliteFile.Connect(Copy);
        Assert.Equal(("kept", 1), (SqliteFile.Scalar(copy, "SELECT a FROM one"), SqliteFile.SchemaOf(copy)));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Copy));
    }

    [Fact]
    public void What_stands_in_the_log_only_is_in_the_copy_too()
    {
        WriteFirst();
        using var writing = SqliteFile.Open(_path, First);
        SqliteFile.Execute(writing, "INSERT INTO one VALUES ('late')");
        SqliteFile.Open(_path, Third).Dispose();
        using var copy = SqliteFile.Connect(Copy);
        Assert.Equal(2L, SqliteFile.Scalar(copy, "SELECT COUNT(*) FROM one"));
    }

    [Fact]
    public void A_migration_that_fails_leaves_the_file_as_it_was()
    {
        WriteFirst();
        var broken = new SqliteSchema("CREATE TABLE one (a TEXT)", "ALTER TABLE one ADD COLUMN b TEXT", "UPDATE nowhere SET a = 1");
        var refused = Assert.Throws<StoreException>(() => SqliteFile.Open(_path, broken));
        Assert.Contains(Copy, refused.Message, StringComparison.Ordinal);
        using var file = SqliteFile.Open(_path, First);
        Assert.Equal(("kept", 1), (SqliteFile.Scalar(file, "SELECT a FROM one"), SqliteFile.SchemaOf(file)));
        Assert.Equal(1L, SqliteFile.Scalar(file, "SELECT COUNT(*) FROM pragma_table_info('one')"));
    }

    [Fact]
    public void A_newer_form_is_refused_and_not_touched()
    {
        SqliteFile.Open(_path, Third).Dispose();
        var refused = Assert.Throws<StoreException>(() => SqliteFile.Open(_path, First));
        Assert.Contains("start the newer program", refused.Message, StringComparison.Ordinal);
        SqliteFile.Open(_path, Third).Dispose();
    }

    [Fact]
    public void A_copy_is_kept_for_six_hours_and_not_longer()
    {
        WriteFirst();
        SqliteFile.Open(_path, Third).Dispose();
        var made = new DateTimeOffset(File.GetLastWriteTimeUtc(Copy));
        SqliteMigration.DeleteOldCopies(_path, made + SqliteMigration.CopyKeptFor);
        Assert.True(File.Exists(Copy));
        SqliteMigration.DeleteOldCopies(_path, made + SqliteMigration.CopyKeptFor + TimeSpan.FromSeconds(1));
        Assert.False(File.Exists(Copy));
        Assert.True(File.Exists(_path));
    }

    private void WriteFirst()
    {
        using var file = SqliteFile.Open(_path, First);
        SqliteFile.Execute(file, "INSERT INTO one VALUES ('kept')");
    }
}
