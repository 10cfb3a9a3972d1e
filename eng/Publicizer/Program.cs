using System.Reflection.PortableExecutable;
using Microsoft.ML.Gmt.Publicizer;

// Copies assemblies to be compiled against, in which the types that a list names are public. The copies are never run nor shipped.
if (args is not [string listFile, string outputFolder, .. string[] assemblies] || assemblies.Length == 0)
{
    Console.Error.WriteLine("Usage: Publicizer LIST OUTPUT_FOLDER ASSEMBLY...");
    return 2;
}

var missing = new Dictionary<string, int>();
string[] lines = File.ReadAllLines(listFile);
for (int i = 0; i < lines.Length; i++)
{
    if (lines[i].Trim() is { Length: > 0 } line && line[0] != '#')
    {
        missing.Add(line, i + 1);
    }
}

HashSet<string> wanted = [.. missing.Keys];
Directory.CreateDirectory(outputFolder);
foreach (string assembly in assemblies)
{
    byte[] image = File.ReadAllBytes(assembly);
    using (var reader = new PEReader(new MemoryStream(image, writable: false)))
    {
        foreach (string found in new VisibilityPatch(reader, image).Open(wanted))
        {
            missing.Remove(found);
        }
    }

    File.WriteAllBytes(Path.Combine(outputFolder, Path.GetFileName(assembly)), image);
}

foreach ((string type, int line) in missing)
{
    // In the form that MSBuild shows as an error of that line.
    Console.Error.WriteLine($"{Path.GetFullPath(listFile)}({line}): error GMT0001: there is no type '{type}' in {string.Join(" or ", assemblies)}; has ML.NET been updated?");
}

return missing.Count == 0 ? 0 : 1;
