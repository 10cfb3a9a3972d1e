// Coverage-guided fuzzing of the readers of weight files, and of native against managed code; run.sh starts it under AFL++.
// Fuzz TARGET          reads inputs from the fuzzer
// Fuzz TARGET FILE...  reads files once, to look at a finding
using Microsoft.ML.Gmt.Tests.Sgm;
using Microsoft.ML.Gmt.Tests.Weights;
using Microsoft.ML.Gmt.Weights;
using SharpFuzz;

Action<byte[]>? target = args.Length == 0 ? null : args[0] switch
{
    "safetensors" => FuzzTargets.Safetensors,
    "checkpoint" => FuzzTargets.Checkpoint,
    "pickle" => FuzzTargets.Pickle,
    "gguf" => FuzzTargets.Gguf,
    "edge-states" => EdgeStateFuzz.Compare,
    _ => null,
};
if (target is null)
{
    Console.Error.WriteLine("usage: Fuzz safetensors|checkpoint|pickle|gguf|edge-states [FILE...]");
    return 2;
}

if (args.Length == 1)
{
    // Nothing of the instrumented library may run before this, not even loading libtorch.
    Fuzzer.Run(stream =>
    {
        using MemoryStream input = new();
        stream.CopyTo(input);
        Read(target, input.ToArray());
    });
    return 0;
}

foreach (string file in args.AsSpan(1))
{
    Console.WriteLine($"{file}: {Read(target, File.ReadAllBytes(file))?.Message ?? "read"}");
}

return 0;

// Any other exception, a crash or a time-out is a finding.
static WeightFileException? Read(Action<byte[]> target, byte[] input)
{
    try
    {
        target(input);
        return null;
    }
    catch (WeightFileException refused)
    {
        return refused;
    }
}
