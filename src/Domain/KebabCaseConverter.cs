using System.Text.Json;
using System.Text.Json.Serialization;

namespace Monitoring.Domain;

/// <summary>Writes enum values the way the site document names them: <c>counting-camera</c>.</summary>
/// <typeparam name="T">The enum.</typeparam>
internal sealed class KebabCaseConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
