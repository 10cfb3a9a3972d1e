using Benchmarks;

// One line a benchmark: verb, what it measures, how to run it.
(string Verb, string What, Action Run)[] benchmarks =
[
    ("sgm", "a step of stage 1 on CoDEx-S beside its matrix products alone and beside computing edge by edge", SgmSpeed.Run),
];

string[] unknown = [.. args.Where(verb => !Array.Exists(benchmarks, benchmark => benchmark.Verb == verb))];
if (unknown.Length > 0)
{
    Console.Error.WriteLine($"Unknown benchmark {string.Join(", ", unknown)}; there are:");
    foreach ((string verb, string what, _) in benchmarks)
    {
        Console.Error.WriteLine($"  {verb,-12} {what}");
    }

    return 2;
}

foreach ((string verb, string what, Action run) in benchmarks)
{
    if (args.Length == 0 || args.Contains(verb))
    {
        Console.WriteLine($"## {verb}: {what}");
        run();
        Console.WriteLine();
    }
}

return 0;
