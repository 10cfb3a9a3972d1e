using System.Globalization;
using Examples.Catalogue;

// Writes a catalogue as CSV: dotnet run --project examples/catalogue -- FACTS FILE [SEED]
if (args.Length is not (2 or 3) || !int.TryParse(args[0], NumberStyles.None, CultureInfo.InvariantCulture, out int facts) || facts < 1)
{
    Console.Error.WriteLine("Usage: catalogue FACTS FILE.csv [SEED]");
    return 2;
}

int seed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 1;
static string Quoted(string name) =>
    name.AsSpan().IndexOfAny(",\"") < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
File.WriteAllLines(
    args[1],
    CatalogueGenerator.Generate(facts, seed).Select(fact => $"{Quoted(fact.Head)},{Quoted(fact.Relation)},{Quoted(fact.Tail)}")
        .Prepend("head,relation,tail"));
return 0;
