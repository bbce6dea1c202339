using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Monitoring.Privacy.Tests;

/// <summary>Reads the compiled code of an assembly: every instruction, and every type that its fields, locals, signatures and calls name.</summary>
internal static class IlScan
{
    private static readonly string[] Forbidden = ["System.Double", "System.Single", "System.Decimal", "System.Half", "System.Math", "System.MathF", "System.Random"];

    private static readonly Dictionary<int, OpCode> OpCodesByValue = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xFFFF);

    /// <summary>Where floating point, decimal, Math or Random occur.</summary>
    public static IEnumerable<string> FloatingPointAndChance(Assembly assembly, Predicate<string> ofTypes) =>
        from use in Uses(assembly, ofTypes)
        where Forbidden.Any(name => Names(use.What, name)) || use.What.Contains(".r4", StringComparison.Ordinal) || use.What.Contains(".r8", StringComparison.Ordinal) || use.What == "conv.r.un"
        select $"{use.Where}: {use.What}";

    /// <summary>Where integers are added, subtracted or multiplied without looking at an overflow, in code that people wrote.</summary>
    public static IEnumerable<string> UncheckedSums(Assembly assembly, Predicate<string> ofTypes) =>
        from use in Uses(assembly, ofTypes)
        where use.What is "add" or "sub" or "mul" or "neg"
        where !use.Where.EndsWith("GetHashCode", StringComparison.Ordinal)
        select $"{use.Where}: {use.What}";

    /// <summary>Every instruction and named type.</summary>
    private static List<(string Where, string What)> Uses(Assembly assembly, Predicate<string> ofTypes)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var reader = file.GetMetadataReader();
        var names = new TypeNames();
        var uses = new List<(string, string)>();
        foreach (var type in reader.TypeDefinitions.Select(reader.GetTypeDefinition).Where(type => ofTypes(OuterName(reader, type))))
        {
            var owner = reader.GetString(type.Name);
            uses.AddRange(type.GetFields().Select(reader.GetFieldDefinition).Select(field => ($"{owner}.{reader.GetString(field.Name)}", field.DecodeSignature(names, null))));
            foreach (var method in type.GetMethods().Select(reader.GetMethodDefinition))
            {
                var where = $"{owner}.{reader.GetString(method.Name)}";
                uses.Add((where, TypeNames.Of(method.DecodeSignature(names, null))));
                if (method.RelativeVirtualAddress == 0)
                    continue;
                var body = file.GetMethodBody(method.RelativeVirtualAddress);
                if (!body.LocalSignature.IsNil)
                    uses.AddRange(reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(names, null).Select(local => (where, local)));
                uses.AddRange(Instructions(reader, names, body.GetILReader()).Select(what => (where, what)));
            }
        }

        return uses;
    }

    private static List<string> Instructions(MetadataReader reader, TypeNames names, BlobReader code)
    {
        var found = new List<string>();
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            if (value == 0xFE)
                value = 0xFE00 | code.ReadByte();
            var instruction = OpCodesByValue[value];
            found.Add(instruction.Name!);
            switch (instruction.OperandType)
            {
                case OperandType.InlineNone: break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar: code.ReadByte(); break;
                case OperandType.InlineVar: code.ReadInt16(); break;
                case OperandType.InlineI8 or OperandType.InlineR: code.ReadInt64(); break;
                case OperandType.InlineSwitch:
                    for (var cases = code.ReadInt32(); cases > 0; cases--)
                        code.ReadInt32();
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    found.Add(names.Of(reader, MetadataTokens.EntityHandle(code.ReadInt32())));
                    break;
                default: code.ReadInt32(); break;
            }
        }

        return found;
    }

    private static string OuterName(MetadataReader reader, TypeDefinition type)
    {
        while (!type.GetDeclaringType().IsNil)
            type = reader.GetTypeDefinition(type.GetDeclaringType());
        return reader.GetString(type.Name);
    }

    // The whole name: System.Random, and not System.RandomAccess.
    private static bool Names(string text, string name)
    {
        for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
        {
            var end = at + name.Length;
            if (end == text.Length || !char.IsLetterOrDigit(text[end]))
                return true;
        }

        return false;
    }

    /// <summary>Signatures as text with the full names of types.</summary>
    private sealed class TypeNames : ISignatureTypeProvider<string, object?>
    {
        public static string Of(MethodSignature<string> signature) => $"{signature.ReturnType} ({string.Join(", ", signature.ParameterTypes)})";

        public string Of(MetadataReader reader, EntityHandle handle) => handle.Kind switch
        {
            HandleKind.TypeReference => GetTypeFromReference(reader, (TypeReferenceHandle)handle, 0),
            HandleKind.TypeDefinition => GetTypeFromDefinition(reader, (TypeDefinitionHandle)handle, 0),
            HandleKind.TypeSpecification => GetTypeFromSpecification(reader, null, (TypeSpecificationHandle)handle, 0),
            HandleKind.MemberReference => Of(reader, reader.GetMemberReference((MemberReferenceHandle)handle)),
            HandleKind.MethodSpecification => Of(reader, reader.GetMethodSpecification((MethodSpecificationHandle)handle)),
            HandleKind.MethodDefinition => Of(reader.GetMethodDefinition((MethodDefinitionHandle)handle).DecodeSignature(this, null)),
            _ => reader.GetFieldDefinition((FieldDefinitionHandle)handle).DecodeSignature(this, null),
        };

        public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[]";

        public string GetByReferenceType(string elementType) => $"{elementType}&";

        public string GetFunctionPointerType(MethodSignature<string> signature) => Of(signature);

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) => $"{genericType}<{string.Join(", ", typeArguments)}>";

        public string GetGenericMethodParameter(object? genericContext, int index) => $"!!{index}";

        public string GetGenericTypeParameter(object? genericContext, int index) => $"!{index}";

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => $"{unmodifiedType} {modifier}";

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => $"{elementType}*";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"System.{typeCode}";

        public string GetSZArrayType(string elementType) => $"{elementType}[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeDefinition(handle);
            return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            var type = reader.GetTypeReference(handle);
            return $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
        }

        public string GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

        private string Of(MetadataReader reader, MemberReference member)
        {
            var signature = member.GetKind() == MemberReferenceKind.Field ? member.DecodeFieldSignature(this, null) : Of(member.DecodeMethodSignature(this, null));
            return $"{Of(reader, member.Parent)}::{reader.GetString(member.Name)} {signature}";
        }

        private string Of(MetadataReader reader, MethodSpecification method) =>
            $"{Of(reader, method.Method)} <{string.Join(", ", method.DecodeSignature(this, null))}>";
    }
}
