using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt;

/// <summary>Transforms rows in several processes: <see cref="Transform"/>.</summary>
public static class SharedTransform
{
    /// <summary>Transforms rows in all processes of a group, each a stretch of them, and gives process 0 all, in their order.</summary>
    /// <remarks>
    /// <para>Every process calls it with the same model and the same rows. Stretches end where a batch of the model's transformers ends, so
    /// that numbers have the bits of one process with as many threads, as long as the chain neither drops nor reorders rows. One process
    /// alone transforms lazily, several at once.</para>
    /// <para>Columns of types that ML.NET's binary format cannot hold (<c>Evidence</c>) are left out where there are several
    /// processes. Each process holds what it has transformed, and process 0 all, in memory.</para>
    /// </remarks>
    /// <example>
    /// <code>
    /// using ProcessGroup processes = ProcessGroup.Join();
    /// var ml = new MLContext();
    /// ITransformer model = ml.Model.Load("facts.zip", out _);
    /// IDataView rows = ml.Data.LoadKnowledgeGraph("candidates.tsv").ToDataView();
    /// IDataView verdicts = processes.Transform(ml, model, rows);
    /// if (processes.Rank == 0)
    /// {
    ///     using FileStream file = File.Create("verdicts.tsv");
    ///     ml.Data.SaveAsText(verdicts, file);
    /// }
    ///
    /// processes.Leave();
    /// </code>
    /// </example>
    /// <param name="processes">The group.</param>
    /// <param name="ml">The context of this process.</param>
    /// <param name="model">A fitted transformer, or a chain of them.</param>
    /// <param name="rows">All rows, the same in every process.</param>
    /// <returns>In process 0 all transformed rows; in the others those that they have transformed themselves.</returns>
    /// <exception cref="IOException">Another process has failed, or has other rows; thrown in all.</exception>
    public static IDataView Transform(this ProcessGroup processes, MLContext ml, ITransformer model, IDataView rows)
    {
        ArgumentNullException.ThrowIfNull(processes);
        ArgumentNullException.ThrowIfNull(ml);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        if (processes.Size == 1)
        {
            return model.Transform(rows);
        }

        (long count, string texts) = Read(rows);
        processes.Ranks.Check(
            [("rows to transform", $"{count}"), ("their columns", string.Join("; ", rows.Schema)), ("their texts", texts)]);
        RowShare own = RowShare.OfBatches(processes.Ranks, checked((int)count), BatchSize(model));
        using MemoryStream stream = new();
        ml.Data.SaveAsBinary(model.Transform(Stretch(ml, rows, own)), stream);
        byte[] part = stream.ToArray();
        IReadOnlyList<byte[]> all = processes.Ranks.Gather(part);
        IDataView[] views = [.. (processes.Rank == 0 ? all : [part]).Select(bytes => ml.Data.LoadFromBinary(new BytesSource(bytes)))];
        return views.Length == 1 ? views[0] : MlNetInternals.AppendRows(MlNetInternals.Environment(ml.Data), views);
    }

    /// <summary>Some rows; ML.NET refuses to pass over none, or to take none.</summary>
    private static IDataView Stretch(MLContext ml, IDataView rows, RowShare stretch)
    {
        IDataView rest = stretch.First == 0 ? rows : ml.Data.SkipRows(rows, stretch.First);
        return stretch.Count > 0 ? ml.Data.TakeRows(rest, stretch.Count) : ml.Data.SkipRows(ml.Data.TakeRows(rest, 1), 1);
    }

    /// <summary>How many rows there are, and a hash of their columns of text, which hold the names.</summary>
    private static (long Count, string Texts) Read(IDataView rows)
    {
        DataViewSchema.Column[] columns = [.. rows.Schema.Where(column => column.Type is TextDataViewType && !column.IsHidden)];
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using DataViewRowCursor cursor = rows.GetRowCursor(columns);
        ValueGetter<ReadOnlyMemory<char>>[] getters = Array.ConvertAll(columns, cursor.GetGetter<ReadOnlyMemory<char>>);
        ReadOnlyMemory<char> text = default;
        long count = 0;
        for (; cursor.MoveNext(); count++)
        {
            foreach (ValueGetter<ReadOnlyMemory<char>> getter in getters)
            {
                getter(ref text);
                hash.AppendData(MemoryMarshal.AsBytes(text.Span));
                hash.AppendData("\n"u8);
            }
        }

        return (count, ShortHash.Text(hash.GetHashAndReset()));
    }

    /// <summary>The least number of rows that is whole batches of every transformer.</summary>
    private static int BatchSize(ITransformer model) => TransformerParts.Of(model).OfType<BatchedTransformer>()
        .Select(transformer => transformer.BatchSize).Aggregate(1, RowShare.CommonBatch);

    /// <summary>A file that is in memory.</summary>
    private sealed class BytesSource(byte[] bytes) : IMultiStreamSource
    {
        public int Count => 1;

        public string GetPathOrNull(int index) => null!;

        public Stream Open(int index) => new MemoryStream(bytes, writable: false);

        public TextReader OpenTextReader(int index) => new StreamReader(Open(index));
    }
}
