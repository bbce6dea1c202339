using System.ComponentModel.DataAnnotations;

namespace Monitoring.History;

/// <summary>A copy of the released numbers, and of how equipment was, in InfluxDB. Section <c>Silo:History:Influx</c>. Off unless an address is given.</summary>
public sealed class InfluxOptions : IValidatableObject
{
    /// <summary>Address of the server, as in <c>http://influxdb:8086</c>, without a user name or password. Default none: nothing is copied to InfluxDB.</summary>
    public string? Url { get; set; }

    /// <summary>Which interface it speaks: 1 (1.x, user names and passwords) or 2 (2.x, organisations and tokens). Default 2.</summary>
    [Range(1, 2)]
    public int Version { get; set; } = 2;

    /// <summary>Organisation of the released numbers; version 2 only. Default <c>analysis</c>.</summary>
    [Required]
    public string AnalysisOrganisation { get; set; } = "analysis";

    /// <summary>Bucket of the released numbers; the database in version 1. Default <c>released</c>.</summary>
    [Required]
    public string AnalysisBucket { get; set; } = "released";

    /// <summary>File that holds the token which may write the released numbers; the password of <c>AnalysisUser</c> in version 1. Read again when the server refuses it. No default.</summary>
    public string? AnalysisTokenFile { get; set; }

    /// <summary>User who may write the released numbers; version 1 only. Default <c>monitoring-analysis</c>.</summary>
    [Required, RegularExpression("[^:]*")]
    public string AnalysisUser { get; set; } = "monitoring-analysis";

    /// <summary>File that holds a token which may read the released numbers; the password of <c>HeadUser</c> in version 1. With it the hub compares its release ledger with how far the ledger once had come. Default none: it is written and not compared.</summary>
    public string? HeadTokenFile { get; set; }

    /// <summary>User who may read the released numbers; version 1 only. Default <c>monitoring-head</c>.</summary>
    [Required, RegularExpression("[^:]*")]
    public string HeadUser { get; set; } = "monitoring-head";

    /// <summary>Organisation of how equipment was; version 2 only. Default <c>operations</c>.</summary>
    [Required]
    public string OperationsOrganisation { get; set; } = "operations";

    /// <summary>Bucket of how equipment was; the database in version 1. Default <c>health</c>.</summary>
    [Required]
    public string OperationsBucket { get; set; } = "health";

    /// <summary>File that holds the token which may write how equipment was; the password of <c>OperationsUser</c> in version 1. Read again when the server refuses it. No default.</summary>
    public string? OperationsTokenFile { get; set; }

    /// <summary>User who may write how equipment was; version 1 only. Default <c>monitoring-operations</c>.</summary>
    [Required, RegularExpression("[^:]*")]
    public string OperationsUser { get; set; } = "monitoring-operations";

    /// <summary>Retention policy that is written to; version 1 only. Default none: the one that the database has by default.</summary>
    public string? RetentionPolicy { get; set; }

    /// <summary>Longest wait for an answer, seconds, 1 to 300; then the server counts as away. Default 30.</summary>
    [Range(1, 300)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>Most lines of one request, 1 to 50,000. Default 5,000.</summary>
    [Range(1, 50_000)]
    public int BatchLines { get; set; } = 5_000;

    /// <summary>Most bytes of one request, 1,024 to 16,777,216; a longer line goes alone. Default 4,194,304.</summary>
    [Range(1_024, 16_777_216)]
    public int BatchBytes { get; set; } = 4_194_304;

    /// <summary>What cannot be said of one setting alone.</summary>
    /// <param name="validationContext">Not needed.</param>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrEmpty(Url))
            yield break;
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
            yield return new ValidationResult("Give an address like http://influxdb:8086; secrets go into files.", [nameof(Url)]);
        if (string.IsNullOrEmpty(AnalysisTokenFile))
            yield return new ValidationResult("Name the file with the secret that may write the released numbers.", [nameof(AnalysisTokenFile)]);
        if (string.IsNullOrEmpty(OperationsTokenFile))
            yield return new ValidationResult("Name the file with the secret that may write how equipment was.", [nameof(OperationsTokenFile)]);
    }
}
