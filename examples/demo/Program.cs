using System.Diagnostics;
using System.Globalization;
using Examples.Demo;

// Judges the test triples of CoDEx-S by more and more evidence, saves the last model, and asks it questions from a second process.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case []:
        var clock = Stopwatch.StartNew();
        Demonstration demo = Demonstration.Run();
        string saved = Path.GetRelativePath(Directory.GetCurrentDirectory(), demo.ModelPath);
        Console.WriteLine($"\nA second process loads {saved} and answers:\n");
        string[] questions = ["ask", demo.ModelPath, .. demo.Examples.Select(Questions.Argument)];
        using (Process asking = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, questions))!)
        {
            (int exitCode, double askingSeconds) = Effort.Of(asking);
            double seconds = Effort.Seconds + askingSeconds;
            demo.Results.Write(Path.Combine(Folders.Output, "metrics.json"), seconds);
            Console.WriteLine("Its figures are in artifacts/demo/metrics.json.");
            Console.WriteLine($"The demo took {clock.Elapsed:m\\:ss} minutes and {seconds:f0} CPU seconds.");
            return exitCode;
        }

    case ["ask", string model, .. string[] more]:
        Questions.Ask(model, more);
        return 0;
    default:
        Console.Error.WriteLine("Usage: demo [ask MODEL.zip]");
        return 2;
}
