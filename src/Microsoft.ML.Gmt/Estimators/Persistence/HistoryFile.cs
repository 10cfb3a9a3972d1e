using System.Globalization;
using System.Text;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt;

/// <summary>The history of a training run as comma-separated lines, one a step, under a line of names.</summary>
internal static class HistoryFile
{
    private const int LongestLine = 512;

    private const string Names = "step,epoch,loss,learningRate,itemsPerSecond,metric";

    public static void Write(Stream stream, TrainingHistory history)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(Names + "\n");
        foreach (TrainingStep step in history.Steps)
        {
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{step.Step},{step.Epoch},{step.Loss:R},{step.LearningRate:R},{step.ItemsPerSecond:R},{step.Metric:R}\n"));
        }
    }

    /// <exception cref="GmtFileException">A line is malformed.</exception>
    public static TrainingHistory Read(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        var line = new StringBuilder(LongestLine);
        if (ReadLine(reader, line) != Names)
        {
            throw new GmtFileException($"A training history must begin with the line '{Names}'.");
        }

        List<TrainingStep> steps = [];
        while (ReadLine(reader, line) is { } text)
        {
            steps.Add(Parse(text, steps.Count + 2));
        }

        return new TrainingHistory(steps);
    }

    /// <summary>
    /// A line without its end; null after the last. One that is too long for a step takes no more memory than it needs to be refused.
    /// </summary>
    private static string? ReadLine(StreamReader reader, StringBuilder line)
    {
        line.Clear();
        for (int next; (next = reader.Read()) >= 0;)
        {
            if (next == '\n')
            {
                return line.ToString();
            }

            line.Append((char)next);
            if (line.Length > LongestLine)
            {
                throw new GmtFileException(
                    $"A line of a training history has more than {LongestLine} characters: '{GmtFileException.Shorten(line.ToString())}'.");
            }
        }

        return line.Length > 0 ? line.ToString() : null;
    }

    private static TrainingStep Parse(string line, int number)
    {
        string[] fields = line.Split(',');
        try
        {
            double Real(int field) => double.Parse(fields[field], CultureInfo.InvariantCulture);
            return new TrainingStep(
                long.Parse(fields[0], CultureInfo.InvariantCulture),
                int.Parse(fields[1], CultureInfo.InvariantCulture),
                Real(2),
                Real(3),
                Real(4),
                fields[5].Length == 0 ? null : Real(5));
        }
        catch (Exception e) when (e is FormatException or OverflowException or IndexOutOfRangeException)
        {
            throw new GmtFileException($"Line {number} of a training history is malformed: '{line}'.", e);
        }
    }
}
