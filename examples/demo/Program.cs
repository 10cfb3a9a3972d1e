using System.Diagnostics;
using Examples.Demo;

// Trains both stages on CoDEx-S, judges its test triples, saves the model, and asks it questions from a second process.
switch (args)
{
    case []:
        var clock = Stopwatch.StartNew();
        string saved = Demonstration.Run();
        Console.WriteLine($"\nA second process loads {Path.GetRelativePath(Directory.GetCurrentDirectory(), saved)} and answers:\n");
        using (Process asking = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["ask", saved]))!)
        {
            asking.WaitForExit();
            Console.WriteLine($"The demo took {clock.Elapsed:m\\:ss} minutes.");
            return asking.ExitCode;
        }

    case ["ask", string model]:
        Questions.Ask(model);
        return 0;
    default:
        Console.Error.WriteLine("Usage: demo [ask MODEL.zip]");
        return 2;
}
