using System.Reflection;
using Benchmarks;

// Every class of this program that implements IBenchmark; without arguments all that do not take hours, else those named.
IBenchmark[] benchmarks =
[
    .. Assembly.GetExecutingAssembly().GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(IBenchmark)))
        .Select(type => (IBenchmark)Activator.CreateInstance(type)!).OrderBy(benchmark => benchmark.Verb, StringComparer.Ordinal),
];

string[] unknown = [.. args.Where(verb => !Array.Exists(benchmarks, benchmark => benchmark.Verb == verb))];
if (unknown.Length > 0)
{
    Console.Error.WriteLine($"Unknown benchmark {string.Join(", ", unknown)}; there are:");
    foreach (IBenchmark benchmark in benchmarks)
    {
        Console.Error.WriteLine($"  {benchmark.Verb,-12} {benchmark.What}");
    }

    return 2;
}

Console.WriteLine(Machine.Describe());
foreach (IBenchmark benchmark in benchmarks.Where(benchmark => args.Length == 0 ? !benchmark.IsLong : args.Contains(benchmark.Verb)))
{
    Console.WriteLine($"\n## {benchmark.Verb}: {benchmark.What}\n");
    benchmark.Run();
}

return 0;
