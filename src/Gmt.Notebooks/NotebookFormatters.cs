using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Evaluation;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Notebooks.Html;
using Microsoft.ML.Gmt.Plots;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Notebooks;

/// <summary>Graphs, metrics, training histories, verdicts and plots as HTML: a table and a picture each.</summary>
/// <remarks>
/// In a C# notebook of .NET Interactive nothing is to be called: the package's script, <c>extension.dib</c>, registers these formatters
/// where <c>#r</c> names the package. Names from outside are escaped. Pictures are SVG in an <c>img</c> of their own.
/// </remarks>
public static class NotebookFormatters
{
    // A type comes before the types that it derives from.
    private static readonly (Type Type, Func<object, string> Format)[] All =
    [
        Of<KnowledgeGraph>(GraphHtml.Of),
        Of<GraphStatistics>(GraphHtml.Of),
        Of<CalibratedBinaryClassificationMetrics>(ClassificationHtml.Of),
        Of<BinaryClassificationMetrics>(ClassificationHtml.Of),
        Of<ScoreCurves>(ScoreHtml.Of),
        Of<CalibrationMetrics>(ScoreHtml.Of),
        Of<LinkPredictionMetrics>(LinkHtml.Of),
        Of<TrainingResult>(TrainingHtml.Of),
        Of<TrainingHistory>(TrainingHtml.Of),
        Of<VerdictReport>(VerdictHtml.Of),
        Of<GmtPlot>(Picture.Of),
    ];

    /// <summary>The types that are shown.</summary>
    public static IReadOnlyList<Type> Types { get; } = [.. All.Select(formatter => formatter.Type)];

    /// <summary>A value as HTML.</summary>
    /// <param name="value">The value, of one of <see cref="Types"/> or of a type that derives from one.</param>
    /// <exception cref="ArgumentException">It is of another type.</exception>
    public static string ToHtml(object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Array.Find(All, formatter => formatter.Type.IsInstanceOfType(value)).Format is { } format
            ? format(value)
            : throw new ArgumentException(
                $"A {value.GetType()} has no formatter; these have: {string.Join(", ", Types.Select(type => type.Name))}.", nameof(value));
    }

    private static (Type Type, Func<object, string> Format) Of<T>(Func<T, string> format) => (typeof(T), value => format((T)value));
}
