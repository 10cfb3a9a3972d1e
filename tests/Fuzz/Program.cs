// Coverage-guided fuzzing of the readers of outside files, and of native against managed code; run.sh starts it under AFL++.
// Fuzz TARGET          reads inputs from the fuzzer
// Fuzz TARGET FILE...  reads files once, to look at a finding
using Microsoft.ML.Gmt.Tests.Fuzzing;
using SharpFuzz;

if (args.Length == 0 || !FuzzTargetList.Contains(args[0]))
{
    Console.Error.WriteLine($"usage: Fuzz {string.Join('|', FuzzTargetList.Names)} [FILE...]");
    return 2;
}

string target = args[0];
if (args.Length == 1)
{
    // Nothing of the instrumented library may run before this, not even loading libtorch.
    Fuzzer.Run(stream =>
    {
        using MemoryStream input = new();
        stream.CopyTo(input);
        FuzzTargetList.Read(target, input.ToArray());
    });
    return 0;
}

foreach (string file in args.AsSpan(1))
{
    Console.WriteLine($"{file}: {FuzzTargetList.Read(target, File.ReadAllBytes(file))?.Message ?? "read"}");
}

return 0;
