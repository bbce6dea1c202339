using System.Security.Cryptography;
using System.Text.Json;

namespace Monitoring.Architecture.Tests;

/// <summary>Front-end files of others lie in one folder, byte for byte as published, each with its licence.</summary>
public sealed class VendoredFilesTests
{
    private const string Folder = "src/Dashboard/wwwroot/vendor/";

    private static readonly string[] Permissive = ["MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "OFL-1.1"];

    private static readonly VendorLock Lock = JsonSerializer.Deserialize<VendorLock>(Repository.Read(Folder + "vendor.lock.json"), JsonSerializerOptions.Web)!;

    [Fact]
    public void Each_file_is_the_one_that_was_published() => Assert.Empty(
        from library in Lock.Libraries
        from file in library.Files
        where !File.Exists(At(library, file.Key)) || Sum(File.ReadAllBytes(At(library, file.Key))) != file.Value
        select $"{library.Name} {library.Version}: {file.Key} is missing or changed");

    [Fact]
    public void Nothing_else_lies_there() => Assert.Equal(
        Lock.Libraries.SelectMany(library => library.Files.Keys.Select(file => $"{Folder}{library.Folder}/{file}")).Append(Folder + "vendor.lock.json").Order(StringComparer.Ordinal),
        Repository.Files.Where(file => file.StartsWith(Folder, StringComparison.Ordinal)));

    [Fact]
    public void Each_library_is_permissive_and_brings_its_licence()
    {
        Assert.NotEmpty(Lock.Libraries);
        Assert.All(Lock.Libraries, library => Assert.Contains(library.Licence, Permissive));
        Assert.All(Lock.Libraries, library => Assert.Contains("LICENSE", library.Files.Keys));
    }

    private static string At(Library library, string file) => Path.Combine(Repository.Root, Folder, library.Folder, file);

    private static string Sum(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private sealed record VendorLock(IReadOnlyList<Library> Libraries);

    private sealed record Library(string Name, string Version, string Licence, string Folder, IReadOnlyDictionary<string, string> Files);
}
