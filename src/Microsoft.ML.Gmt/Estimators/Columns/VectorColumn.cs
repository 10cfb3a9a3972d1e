using Microsoft.ML.Data;

namespace Microsoft.ML.Gmt;

/// <summary>Columns of vectors that features are made of.</summary>
internal static class VectorColumn
{
    /// <summary>Makes a column of vectors whose slots have names.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="width">The vectors' width.</param>
    /// <param name="slot">What a slot's name begins with; its number follows.</param>
    public static DataViewSchema.DetachedColumn Make(string name, int width, string slot) =>
        Make(name, [.. Enumerable.Range(0, width).Select(i => $"{slot}{i}")]);

    /// <summary>Makes a column of vectors whose slots have given names.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="slots">The names of its slots.</param>
    /// <param name="annotate">Adds further annotations; null for none.</param>
    public static DataViewSchema.DetachedColumn Make(
        string name, IReadOnlyList<string> slots, Action<DataViewSchema.Annotations.Builder>? annotate = null)
    {
        int width = slots.Count;
        ReadOnlyMemory<char>[] names = [.. slots.Select(slot => slot.AsMemory())];
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(
            "SlotNames", new VectorDataViewType(TextDataViewType.Instance, width),
            (ref VBuffer<ReadOnlyMemory<char>> value) => new VBuffer<ReadOnlyMemory<char>>(width, names).CopyTo(ref value));
        annotate?.Invoke(annotations);
        return new DataViewSchema.DetachedColumn(
            name, new VectorDataViewType(NumberDataViewType.Single, width), annotations.ToAnnotations());
    }

    /// <summary>Gives a row of a matrix as a value.</summary>
    /// <param name="matrix">[row, width], row after row.</param>
    /// <param name="row">Which row.</param>
    /// <param name="width">The vectors' width.</param>
    /// <param name="value">Receives it; its memory is used again.</param>
    public static void Copy(float[] matrix, int row, int width, ref VBuffer<float> value)
    {
        VBufferEditor<float> editor = VBufferEditor.Create(ref value, width);
        matrix.AsSpan(row * width, width).CopyTo(editor.Values);
        value = editor.Commit();
    }
}
