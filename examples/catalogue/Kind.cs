namespace Examples.Catalogue;

/// <summary>A kind of product.</summary>
/// <param name="Name">As in <c>ball valve</c>.</param>
/// <param name="Family">What several kinds belong to; makers, warehouses and uses keep to families.</param>
/// <param name="Attributes">Relations that products of this kind have, each with the values that occur.</param>
internal sealed record Kind(string Name, string Family, params (string Relation, string[] Values)[] Attributes)
{
    private static readonly string[] Threads = ["1/4\"", "3/8\"", "1/2\"", "3/4\"", "1\""];
    private static readonly string[] Pressures = ["PN 10", "PN 16", "PN 25", "PN 40"];
    private static readonly string[] Seals = ["NBR seal", "EPDM seal", "FKM seal", "PTFE seal"];
    private static readonly string[] Bores = ["10 mm bore", "15 mm bore", "20 mm bore", "25 mm bore"];
    private static readonly string[] Voltages = ["24 V DC", "230 V AC", "400 V AC"];
    private static readonly string[] Currents = ["2 A", "6 A", "10 A", "16 A"];
    private static readonly string[] Protections = ["IP20", "IP54", "IP65", "IP67"];

    /// <summary>All kinds. Which attributes a kind has is the catalogue's first rule.</summary>
    public static IReadOnlyList<Kind> All { get; } =
    [
        new("ball valve", "fluid",
            (Made, ["brass", "stainless steel", "PVC"]),
            ("has thread", Threads),
            ("rated for", Pressures),
            ("sealed by", Seals)),
        new("check valve", "fluid",
            (Made, ["brass", "stainless steel"]),
            ("has thread", Threads),
            ("rated for", Pressures)),
        new("pump", "fluid",
            (Made, ["cast iron", "stainless steel"]),
            ("has thread", Threads),
            ("sealed by", Seals),
            ("runs at", Voltages)),
        new("flow sensor", "fluid",
            ("has thread", Threads),
            ("runs at", ["24 V DC"]),
            ("protection class", Protections),
            ("reports by", ["4–20 mA", "IO-Link", "Modbus"])),
        new("gear motor", "drive",
            ("has bore", Bores),
            ("runs at", ["230 V AC", "400 V AC"]),
            ("draws", Currents),
            ("protection class", Protections)),
        new("bearing", "drive",
            (Made, ["chrome steel", "stainless steel"]),
            ("has bore", Bores),
            ("greased with", ["lithium grease", "food-grade grease"])),
        new("coupling", "drive", (Made, ["aluminum", "steel"]), ("has bore", Bores)),
        new("relay", "electric",
            ("runs at", Voltages),
            ("draws", Currents),
            ("mounted on", ["DIN rail", "circuit board"])),
        new("fuse", "electric", ("draws", Currents), ("trips", ["quickly", "slowly"])),
        new("cable", "electric",
            (Made, ["copper", "tinned copper"]),
            ("draws", Currents),
            ("sheathed in", ["PVC", "PUR", "silicone"])),
        new("bolt", "fastening",
            (Made, ["steel", "stainless steel", "titanium"]),
            ("strength class", ["8.8", "10.9", "12.9"]),
            ("driven with", ["hex key", "Torx key"]),
            ("coated with", ["zinc", "nickel"])),
        new("washer", "fastening",
            (Made, ["steel", "stainless steel", "polyamide"]),
            ("coated with", ["zinc", "nickel"])),
    ];

    private const string Made = "made of";
}
