using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Gmt.Tests.Estimators;

[TestClass]
public sealed class BatchedViewTests
{
    private static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    public void Rows_of_a_batch_are_computed_together_and_only_what_is_read()
    {
        (CountingMapper mapper, IDataView view, _) = Make(rows: 10, batchSize: 4);
        Assert.IsEmpty(mapper.TwiceBatches, "nothing happens before a row is read");
        CollectionAssert.AreEqual(Enumerable.Range(0, 10).Select(i => 2f * i).ToArray(), view.GetColumn<float>("Twice").ToArray());
        CollectionAssert.AreEqual(new[] { 4, 4, 2 }, mapper.TwiceBatches);
        Assert.IsEmpty(mapper.SquareBatches);
        Assert.AreEqual(1, mapper.Disposed);
    }

    [TestMethod]
    public void A_column_that_is_active_and_not_read_costs_nothing()
    {
        (CountingMapper mapper, IDataView view, _) = Make(rows: 5, batchSize: 2);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        ValueGetter<float> twice = cursor.GetGetter<float>(view.Schema["Twice"]);
        cursor.GetGetter<VBuffer<float>>(view.Schema["Square"]);
        float value = 0;
        while (cursor.MoveNext())
        {
            if (cursor.Position == 4)
            {
                twice(ref value);
                twice(ref value);
            }
        }

        Assert.AreEqual(8, value);
        CollectionAssert.AreEqual(new[] { 1 }, mapper.TwiceBatches);
        Assert.IsEmpty(mapper.SquareBatches);
    }

    [TestMethod]
    public void Only_the_columns_that_are_needed_are_asked_of_the_source()
    {
        (CountingMapper mapper, IDataView view, RecordingView source) = Make(rows: 3, batchSize: 2);
        _ = view.GetColumn<string>("Text").ToArray();
        CollectionAssert.AreEqual(new[] { "Text" }, source.Asked);
        _ = view.GetColumn<float>("Twice").ToArray();
        CollectionAssert.AreEqual(new[] { "Number" }, source.Asked);
        CollectionAssert.AreEqual(new[] { 2, 1 }, mapper.TwiceBatches);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(100)]
    public void Source_columns_ids_positions_and_batches_pass_through(int batchSize)
    {
        (_, IDataView view, RecordingView source) = Make(rows: 7, batchSize);
        using DataViewRowCursor expected = source.GetRowCursor(source.Schema), actual = view.GetRowCursor(view.Schema);
        (Func<string> expectedRow, Func<string> actualRow) = (Reader(expected), Reader(actual));
        Assert.AreEqual(-1, actual.Position);
        while (expected.MoveNext())
        {
            Assert.IsTrue(actual.MoveNext());
            Assert.AreEqual(expectedRow(), actualRow());
        }

        Assert.IsFalse(actual.MoveNext());
        Assert.AreEqual(-1, actual.Position);
        Assert.IsFalse(actual.MoveNext(), "the end stays the end");
        Assert.ThrowsExactly<InvalidOperationException>(() => actualRow());
    }

    [TestMethod]
    public void A_set_of_cursors_reads_every_row_once()
    {
        (_, IDataView view, RecordingView source) = Make(rows: 5000, batchSize: 64);
        DataViewRowCursor[] cursors = view.GetRowCursorSet(view.Schema, 4);
        List<string> rows = [];
        foreach (DataViewRowCursor cursor in cursors)
        {
            using (cursor)
            {
                Func<string> reader = Reader(cursor);
                while (cursor.MoveNext())
                {
                    rows.Add(reader()[(reader().IndexOf('|') + 1)..]);
                }
            }
        }

        using DataViewRowCursor all = source.GetRowCursor(source.Schema);
        Func<string> expected = Reader(all);
        List<string> expectedRows = [];
        while (all.MoveNext())
        {
            expectedRows.Add(expected()[(expected().IndexOf('|') + 1)..]);
        }

        CollectionAssert.AreEquivalent(expectedRows, rows);
    }

    [TestMethod]
    public void Shuffling_reaches_the_source_and_keeps_rows_together()
    {
        (_, IDataView view, _) = Make(rows: 100, batchSize: 8);
        Assert.IsTrue(view.CanShuffle);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema, new Random(3));
        ValueGetter<float> number = cursor.GetGetter<float>(view.Schema["Number"]), twice = cursor.GetGetter<float>(view.Schema["Twice"]);
        List<float> numbers = [];
        while (cursor.MoveNext())
        {
            (float one, float two) = (0, 0);
            number(ref one);
            twice(ref two);
            Assert.AreEqual(2 * one, two);
            numbers.Add(one);
        }

        CollectionAssert.AreEquivalent(Enumerable.Range(0, 100).Select(i => (float)i).ToArray(), numbers);
        CollectionAssert.AreNotEqual(Enumerable.Range(0, 100).Select(i => (float)i).ToArray(), numbers);
    }

    [TestMethod]
    public void Wrong_types_and_inactive_columns_are_refused()
    {
        (_, IDataView view, _) = Make(rows: 1, batchSize: 1);
        using DataViewRowCursor cursor = view.GetRowCursor([view.Schema["Twice"]]);
        Assert.IsTrue(cursor.IsColumnActive(view.Schema["Twice"]));
        Assert.IsFalse(cursor.IsColumnActive(view.Schema["Number"]));
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<int>(view.Schema["Twice"])).Message,
            "expected type: 'System.Single'");
        StringAssert.Contains(
            Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<float>(view.Schema["Number"])).Message,
            "'Number' is not active");
        using DataViewRowCursor through = view.GetRowCursor([view.Schema["Text"]]);
        Assert.ThrowsExactly<InvalidOperationException>(() => through.GetGetter<float>(view.Schema["Twice"]));
    }

    [TestMethod]
    public void A_row_mapper_computes_what_is_read_of_each_row()
    {
        (CountingMapper mapper, _, RecordingView source) = Make(rows: 3, batchSize: 2);
        var rows = new BatchedRowMapper(mapper);
        CollectionAssert.AreEqual(
            new[] { "Number" }, rows.GetDependencies([rows.OutputSchema["Square"]]).Select(column => column.Name).ToArray());
        CollectionAssert.AreEqual(
            new[] { "Text" }, rows.GetDependencies([rows.OutputSchema["Text"]]).Select(column => column.Name).ToArray());
        using DataViewRowCursor cursor = source.GetRowCursor(source.Schema);
        using DataViewRow row = rows.GetRow(cursor, rows.OutputSchema);
        ValueGetter<float> twice = row.GetGetter<float>(rows.OutputSchema["Twice"]);
        ValueGetter<VBuffer<float>> square = row.GetGetter<VBuffer<float>>(rows.OutputSchema["Square"]);
        List<float> values = [];
        while (cursor.MoveNext())
        {
            float value = 0;
            twice(ref value);
            twice(ref value);
            values.Add(value);
        }

        CollectionAssert.AreEqual(new[] { 0f, 2, 4 }, values);
        CollectionAssert.AreEqual(new[] { 1, 1, 1 }, mapper.TwiceBatches);
        Assert.IsEmpty(mapper.SquareBatches);
        _ = square;
    }

    [TestMethod]
    public void Cancelling_the_context_ends_reading_with_the_batch()
    {
        var ml = new MLContext();
        (_, IDataView view, _) = Make(rows: 5, batchSize: 2, ((IHostEnvironment)ml).Register("test"));
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        Assert.IsTrue(cursor.MoveNext());
        ml.Cancel();
        Assert.IsTrue(cursor.MoveNext());
        Assert.ThrowsExactly<OperationCanceledException>(() => cursor.MoveNext());
        Assert.HasCount(5, view.GetColumn<float>("Twice").ToArray(), "a context stays cancelled, and what began later is meant");
    }

    private static (CountingMapper Mapper, IDataView View, RecordingView Source) Make(
        int rows, int batchSize, IHostEnvironment? environment = null)
    {
        IDataView data = Ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, rows).Select(i => new Row { Number = i, Text = $"row {i}", Vector = [i, -i] }));
        var source = new RecordingView(Ml.Data.Cache(data));
        var mapper = new CountingMapper(source.Schema);
        return (mapper, new BatchedView(environment ?? Ml, source, mapper, batchSize), source);
    }

    private static Func<string> Reader(DataViewRowCursor cursor)
    {
        ValueGetter<float> number = cursor.GetGetter<float>(cursor.Schema["Number"]);
        ValueGetter<ReadOnlyMemory<char>> text = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["Text"]);
        ValueGetter<VBuffer<float>> vector = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Vector"]);
        ValueGetter<DataViewRowId> id = cursor.GetIdGetter();
        (float n, ReadOnlyMemory<char> t, VBuffer<float> v, DataViewRowId i) = (0f, default, default, default);
        return () =>
        {
            number(ref n);
            text(ref t);
            vector(ref v);
            id(ref i);
            return $"{cursor.Position} {cursor.Batch}|{n} {t} {string.Join(' ', v.DenseValues())} {i}";
        };
    }

    private sealed class Row
    {
        public float Number { get; set; }

        public string Text { get; set; } = "";

        [VectorType(2)]
        public float[] Vector { get; set; } = [];
    }

    /// <summary>Notes which columns were asked for.</summary>
    private sealed class RecordingView(IDataView source) : IDataView
    {
        public List<string> Asked { get; } = [];

        public DataViewSchema Schema => source.Schema;

        public bool CanShuffle => source.CanShuffle;

        public long? GetRowCount() => source.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
        {
            Asked.Clear();
            Asked.AddRange(columnsNeeded.Select(column => column.Name));
            return source.GetRowCursor(columnsNeeded, rand);
        }

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            source.GetRowCursorSet(columnsNeeded, n, rand);
    }
}
