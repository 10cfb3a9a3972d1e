using System.Globalization;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt.Notebooks.Html;

/// <summary>A confusion matrix of yes and no as four fields, the fuller the darker.</summary>
internal static class ConfusionPicture
{
    private const int Field = 110, Left = 90, Top = 50, Width = Left + (2 * Field) + 10, Height = Top + (2 * Field) + 10;

    public static string Of(ConfusionMatrix matrix)
    {
        double most = Math.Max(1, matrix.Counts.Max(row => row.Max()));
        var svg = new StringBuilder(string.Create(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-size=\"14\" ")
            + "font-family=\"Roboto, Arial, Helvetica, sans-serif\" text-anchor=\"middle\">"
            + "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>");
        string[] answers = ["true", "false"];
        var said = new List<string>();
        for (int row = 0; row < 2; row++)
        {
            Write(Left / 2, Top + (row * Field) + (Field / 2), $"is {answers[row]}", "#000000");
            Write(Left + (row * Field) + (Field / 2), Top - 18, $"held {answers[row]}", "#000000");
            for (int column = 0; column < 2; column++)
            {
                double count = matrix.GetCountForClassPair(column, row), share = count / most;
                int x = Left + (column * Field), y = Top + (row * Field);
                svg.Append(
                    CultureInfo.InvariantCulture,
                    $"<rect x=\"{x}\" y=\"{y}\" width=\"{Field - 4}\" height=\"{Field - 4}\" fill=\"#0072b2\" stroke=\"#0072b2\" "
                    + $"fill-opacity=\"{0.08 + (0.92 * share):0.00}\"/>");
                Write(x + (Field / 2) - 2, y + (Field / 2), Table.Count((long)count), share > 0.4 ? "#ffffff" : "#000000");
                said.Add($"{Table.Count((long)count)} that are {answers[row]} held {answers[column]}");
            }
        }

        return Picture.Of(svg.Append("</svg>").ToString(), Width, Height, $"Confusion matrix: {string.Join(", ", said)}");

        void Write(int x, int y, string text, string color) => svg.Append(
            CultureInfo.InvariantCulture, $"<text x=\"{x}\" y=\"{y + 5}\" fill=\"{color}\">{text}</text>");
    }
}
