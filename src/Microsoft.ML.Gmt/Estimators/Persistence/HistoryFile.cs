using System.Globalization;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt;

/// <summary>The history of a training run as comma-separated lines, one a step, under a line of names.</summary>
internal static class HistoryFile
{
    private const string Names = "step,epoch,loss,learningRate,itemsPerSecond,metric";

    public static void Write(Stream stream, TrainingHistory history)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.Write(Names + "\n");
        foreach (TrainingStep step in history.Steps)
        {
            writer.Write(string.Create(
                CultureInfo.InvariantCulture, $"{step.Step},{step.Epoch},{step.Loss:R},{step.LearningRate:R},{step.ItemsPerSecond:R},{step.Metric:R}\n"));
        }
    }

    /// <exception cref="GmtFileException">A line is malformed.</exception>
    public static TrainingHistory Read(Stream stream)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        if (reader.ReadLine() != Names)
        {
            throw new GmtFileException($"A training history must begin with the line '{Names}'.");
        }

        List<TrainingStep> steps = [];
        while (reader.ReadLine() is { } line)
        {
            steps.Add(Parse(line, steps.Count + 2));
        }

        return new TrainingHistory(steps);
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
