using System.Globalization;
using ScottPlot;
using ScottPlot.AxisPanels;
using ScottPlot.Plottables;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>A plot in the making: axes in a theme's colors, and series that differ in color, in line and marker, or in filling.</summary>
internal sealed partial class Figure
{
    private const float TitleSize = 15, LabelSize = 13, TickSize = 12, LineWidth = 2, MarkerSize = 7;

    private static readonly LinePattern[] Patterns =
        [LinePattern.Solid, LinePattern.Dashed, LinePattern.Dotted, LinePattern.DenselyDashed];

    private static readonly MarkerShape[] Markers =
    [
        MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp, MarkerShape.OpenCircle, MarkerShape.OpenSquare,
        MarkerShape.FilledDiamond, MarkerShape.OpenTriangleUp,
    ];

    private readonly PlotTheme _theme;

    /// <param name="theme">The colors.</param>
    /// <param name="title">What is shown; a second line for what it is of.</param>
    /// <param name="xLabel">What the horizontal axis says, with its unit.</param>
    /// <param name="yLabel">What the vertical axis says.</param>
    public Figure(PlotTheme? theme, string title, string xLabel, string yLabel)
    {
        _theme = theme ?? PlotTheme.Light;
        Plot.FigureBackground.Color = _theme.Background;
        Plot.DataBackground.Color = _theme.Background;
        Plot.Axes.Color(_theme.Text);
        Plot.Grid.MajorLineColor = _theme.Grid;
        Plot.Axes.Top.FrameLineStyle.Width = 0;
        Plot.Axes.Right.FrameLineStyle.Width = 0;
        Set(Plot.Axes.Title.Label, title, TitleSize);
        Plot.Axes.Title.FullFigureCenter = true;
        SetAxis(Plot.Axes.Bottom, xLabel);
        SetAxis(Plot.Axes.Left, yLabel);
    }

    /// <summary>What is drawn.</summary>
    public Plot Plot { get; } = new();

    /// <summary>Adds a line with a marker at each point.</summary>
    /// <param name="points">The points.</param>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="style">Which color, line and marker: the series' number.</param>
    public Scatter AddSeries(IEnumerable<(double X, double Y)> points, string name, int style)
    {
        Scatter line = AddLine(points, name, style);
        line.MarkerStyle = new MarkerStyle(Markers[style % Markers.Length], MarkerSize, ColorOf(style))
        {
            LineColor = ColorOf(style),
            LineWidth = 1.5f,
        };
        return line;
    }

    /// <summary>Adds a line alone, for many points.</summary>
    /// <inheritdoc cref="AddSeries"/>
    public Scatter AddLine(IEnumerable<(double X, double Y)> points, string name, int style)
    {
        Scatter line = Plot.Add.ScatterLine(points.Select(point => new Coordinates(point.X, point.Y)).ToArray(), ColorOf(style));
        (line.LineWidth, line.LinePattern) = (LineWidth, Patterns[style % Patterns.Length]);
        (line.MarkerStyle, line.LegendText) = (MarkerStyle.None, name);
        return line;
    }

    /// <summary>Adds a thin line that is no series, such as what comes by chance.</summary>
    public void AddReference((double X, double Y) from, (double X, double Y) to, string name)
    {
        LinePlot line = Plot.Add.Line(from.X, from.Y, to.X, to.Y);
        (line.LineColor, line.LineWidth, line.LinePattern, line.LegendText) = (_theme.Text, 1, LinePattern.DenselyDashed, name);
        line.MarkerStyle = MarkerStyle.None;
    }

    /// <summary>Adds bars, every second kind of them hollow.</summary>
    /// <param name="bars">Where each stands and how long it is.</param>
    /// <param name="name">Their name in the legend; null for none.</param>
    /// <param name="style">Which color, and whether they are hollow.</param>
    /// <param name="size">How wide one is.</param>
    /// <param name="isHorizontal">Whether they lie.</param>
    public BarPlot AddBars(
        IEnumerable<(double Position, double Length)> bars, string? name, int style, double size, bool isHorizontal = false)
    {
        Color fill = style % 2 == 0 ? ColorOf(style) : _theme.Background;
        BarPlot plot = Plot.Add.Bars(bars.Select(bar => new Bar
        {
            Position = bar.Position,
            Value = bar.Length,
            Size = size,
            Orientation = isHorizontal ? Orientation.Horizontal : Orientation.Vertical,
            FillColor = fill,
            LineColor = ColorOf(style),
            LineWidth = LineWidth,
        }).ToArray());
        if (name is not null)
        {
            Plot.Legend.ManualItems.Add(new LegendItem
            {
                LabelText = name,
                FillColor = fill,
                OutlineColor = ColorOf(style),
                OutlineWidth = LineWidth,
            });
        }

        return plot;
    }

    /// <summary>Marks a place of the horizontal axis.</summary>
    public void AddMark(double x, string name)
    {
        VerticalLine line = Plot.Add.VerticalLine(x, width: 1, _theme.Text, LinePattern.DenselyDashed);
        (line.LegendText, line.EnableAutoscale) = (name, true);
    }

    /// <summary>Moves a series to the right axis.</summary>
    public void UseRightAxis(IPlottable series, string label)
    {
        Plot.Axes.Right.FrameLineStyle.Width = 1;
        SetAxis(Plot.Axes.Right, label);
        ((AxisBase)Plot.Axes.Right).PaddingBetweenTickAndAxisLabels = new PixelPadding(8);
        series.Axes.YAxis = Plot.Axes.Right;
    }

    /// <summary>Shows shares, both ways from 0 to 1.</summary>
    public void SetUnitLimits() => Plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02);

    /// <summary>Gives an axis a label and the theme's font.</summary>
    public void SetAxis(IAxis axis, string label)
    {
        Set(axis.Label, label, LabelSize);
        Set(axis.TickLabelStyle, "", TickSize);
    }

    /// <summary>Puts texts in the place of an axis's numbers.</summary>
    public static void SetTicks(IAxis axis, IReadOnlyList<(double Position, string Text)> ticks)
    {
        axis.SetTicks([.. ticks.Select(tick => tick.Position)], [.. ticks.Select(tick => tick.Text)]);
        axis.TickLabelStyle.FontName = PlotFont.For(string.Concat(ticks.Select(tick => tick.Text)));
        (axis.MajorTickStyle.Length, axis.MinorTickStyle.Length) = (4, 0);
    }

    /// <summary>Numbers as people read them, the same in every culture.</summary>
    public static string Number(double value, string format = "n0") => value.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>Ends it, with a legend below where a series has a name.</summary>
    public GmtPlot Finish(int width, int height)
    {
        LegendItem[] items = [.. Plot.GetPlottables().SelectMany(plottable => plottable.LegendItems)];
        string names = string.Concat(items.Concat(Plot.Legend.ManualItems).Select(item => item.LabelText));
        if (names.Length > 0)
        {
            Legend legend = Plot.Legend;
            (legend.FontName, legend.FontSize, legend.FontColor) = (PlotFont.For(names), TickSize, _theme.Text);
            (legend.BackgroundColor, legend.OutlineWidth, legend.ShadowColor) = (_theme.Background, 0, Colors.Transparent);
            legend.Orientation = Orientation.Horizontal;
            legend.SymbolWidth = 34;
            Plot.ShowLegend(Edge.Bottom);
        }

        return new GmtPlot(Plot, width, height);
    }

    private Color ColorOf(int style) => _theme.Series[style % _theme.Series.Count];

    private void Set(LabelStyle style, string text, float size)
    {
        (style.Text, style.FontName, style.FontSize) = (text, PlotFont.For(text), size);
        (style.Bold, style.ForeColor) = (false, _theme.Text);
    }
}
