using Lessons;

// Makes notebooks of lessons, and keeps what is worth keeping of executed ones; examples/notebooks/README.md tells how it is used.
try
{
    switch (args)
    {
        case ["make", var lesson, var notebook]:
            File.WriteAllText(notebook, NotebookFile.TextOf(NotebookFile.Of(Lesson.Parse(File.ReadAllText(lesson)))));
            return 0;
        case ["keep", var lesson, var executed, var notebook]:
            var kept = ExecutedNotebook.Clean(Lesson.Parse(File.ReadAllText(lesson)), NotebookFile.Read(executed));
            File.WriteAllText(notebook, NotebookFile.TextOf(kept));
            return 0;
        default:
            Console.Error.WriteLine(
                """
                Usage: notebooks make LESSON.cs NOTEBOOK.ipynb               writes the notebook of a lesson, not executed
                       notebooks keep LESSON.cs EXECUTED.ipynb NOTEBOOK.ipynb   writes it with the outputs of an executed copy
                """);
            return 2;
    }
}
catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"notebooks: {string.Join(' ', args.Skip(1).Take(1))}: {exception.Message}");
    return 1;
}
