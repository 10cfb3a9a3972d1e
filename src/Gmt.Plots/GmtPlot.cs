using System.Text;
using Microsoft.ML.Gmt.Runtime;
using ScottPlot;

namespace Microsoft.ML.Gmt.Plots;

/// <summary>A picture that can be saved, as PNG or SVG.</summary>
/// <remarks>
/// Widths and heights are in pixels of a screen (1/96 inch); where none is given, the picture has the size that suits it. Files are
/// written whole or not at all. One thread at a time may use it.
/// </remarks>
public sealed class GmtPlot
{
    private const int LongestSide = 20_000;

    internal GmtPlot(Plot plot, int width, int height) => (Plot, Width, Height) = (plot, width, height);

    /// <summary>ScottPlot's plot, for what is to be changed: https://scottplot.net.</summary>
    public Plot Plot { get; }

    /// <summary>The width that suits it.</summary>
    public int Width { get; }

    /// <summary>The height that suits it.</summary>
    public int Height { get; }

    /// <summary>Saves it as PNG.</summary>
    /// <param name="path">The file, which is overwritten; its folder is created where it is missing.</param>
    /// <param name="width">The width; null for <see cref="Width"/>.</param>
    /// <param name="height">The height; null for <see cref="Height"/>.</param>
    /// <param name="scale">As <see cref="ToPngBytes"/> has it: 1 for a screen, 3 for print.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side of the file is not between 1 and 20,000 pixels.</exception>
    /// <exception cref="IOException">The file cannot be written; an earlier one stays as it was.</exception>
    public void SavePng(string path, int? width = null, int? height = null, double scale = 1)
    {
        byte[] bytes = ToPngBytes(width, height, scale);
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>Saves it as SVG.</summary>
    /// <param name="path">The file, which is overwritten; its folder is created where it is missing.</param>
    /// <param name="width">The width; null for <see cref="Width"/>.</param>
    /// <param name="height">The height; null for <see cref="Height"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not between 1 and 20,000 pixels.</exception>
    /// <exception cref="IOException">The file cannot be written; an earlier one stays as it was.</exception>
    public void SaveSvg(string path, int? width = null, int? height = null)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(ToSvg(width, height));
        AtomicFile.Write(path, stream => stream.Write(bytes));
    }

    /// <summary>The picture as PNG.</summary>
    /// <param name="width">The width; null for <see cref="Width"/>.</param>
    /// <param name="height">The height; null for <see cref="Height"/>.</param>
    /// <param name="scale">
    /// How many pixels of the file one of the screen becomes, letters and lines with it: 1 for a screen, 3 for print at 300 dots an inch.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A side of the file is not between 1 and 20,000 pixels.</exception>
    public byte[] ToPngBytes(int? width = null, int? height = null, double scale = 1)
    {
        int columns = Pixels(width ?? Width, scale, nameof(width)), rows = Pixels(height ?? Height, scale, nameof(height));
        double before = Plot.ScaleFactor;
        Plot.ScaleFactor = before * scale;
        try
        {
            using Image image = Plot.GetImage(columns, rows);
            return image.GetImageBytes(ImageFormat.Png);
        }
        finally
        {
            Plot.ScaleFactor = before;
        }
    }

    /// <summary>The picture as SVG, which is sharp in print at any size. Text stays text.</summary>
    /// <param name="width">The width; null for <see cref="Width"/>.</param>
    /// <param name="height">The height; null for <see cref="Height"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not between 1 and 20,000 pixels.</exception>
    public string ToSvg(int? width = null, int? height = null)
    {
        int columns = Pixels(width ?? Width, 1, nameof(width)), rows = Pixels(height ?? Height, 1, nameof(height));
        using var dashes = new SvgDashes(Plot);
        return SvgText.Clean(dashes.AddTo(Plot.GetSvgXml(columns, rows)));
    }

    private static int Pixels(int side, double scale, string name) => Math.Round(side * scale) is var pixels and >= 1 and <= LongestSide
        ? (int)pixels
        : throw new ArgumentOutOfRangeException(name, side, $"Times {scale} it must be from 1 to {LongestSide} pixels.");
}
