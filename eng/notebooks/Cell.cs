namespace Lessons;

/// <summary>A cell of a lesson.</summary>
/// <param name="IsMarkdown">Text; else code.</param>
/// <param name="Lines">Its lines: text without the comment marks, or code as it stands in the file.</param>
internal sealed record Cell(bool IsMarkdown, IReadOnlyList<string> Lines);
