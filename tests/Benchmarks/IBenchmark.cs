namespace Benchmarks;

/// <summary>One benchmark: a class in a file of its own, found by the program.</summary>
internal interface IBenchmark
{
    /// <summary>The word that runs it.</summary>
    public string Verb { get; }

    /// <summary>What it measures, in one line.</summary>
    public string What { get; }

    /// <summary>Whether it takes hours, so that it runs only where it is named.</summary>
    public bool IsLong => false;

    /// <summary>Measures and prints a Markdown table.</summary>
    public void Run();
}
