using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Ranking;
using Microsoft.ML.Gmt.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>
/// Models that are disposed while other threads use them, as servers do that exchange a model or make an engine for each request. A fault
/// here ends the process of the tests. <c>GMT_DISPOSALS</c> sets the number of rounds.
/// </summary>
[TestClass]
public sealed class DisposalTests
{
    private const int Threads = 8;

    private static readonly MLContext Ml = new(seed: 1);
    private static readonly PredictionEngineOptions Shared = new() { OwnsTransformer = false };
    private static readonly TemporaryFolder Folder = new();
    private static readonly TripleRow Question = new() { Head = "person 3", Relation = "speaks", Tail = "language of Poland" };
    private static JudgedRow s_expected = null!;

    private static string Archive => Folder["facts.zip"];

    private static int Rounds => Environment.GetEnvironmentVariable("GMT_DISPOSALS") is { Length: > 0 } chosen
        ? int.Parse(chosen, CultureInfo.InvariantCulture) : 40;

    [ClassInitialize]
    public static void Train(TestContext _)
    {
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(GmtPipelines.Quick);
        Ml.Model.Save(chain, GmtPipelines.Data.Schema, Archive);
        using PredictionEngine<TripleRow, JudgedRow> engine = Ml.Model.CreatePredictionEngine<TripleRow, JudgedRow>(Load());
        s_expected = engine.Predict(Question);
    }

    [ClassCleanup]
    public static void CleanUp() => Folder.Dispose();

    [TestMethod]
    public void A_model_is_exchanged_while_eight_threads_predict()
    {
        ITransformer model = Load();
        bool isOver = false;
        long answers = 0, refusals = 0;
        var wrong = new ConcurrentQueue<string>();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                try
                {
                    using PredictionEngine<TripleRow, JudgedRow> engine =
                        Ml.Model.CreatePredictionEngine<TripleRow, JudgedRow>(Volatile.Read(ref model), Shared);
                    for (int i = 0; i < 50; i++)
                    {
                        Check(engine.Predict(Question), wrong);
                        Interlocked.Increment(ref answers);
                    }
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refusals);
                }
                catch (Exception error)
                {
                    wrong.Enqueue($"{error}");
                }
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        for (int round = 0; round < Rounds && wrong.IsEmpty; round++)
        {
            ITransformer next = Load(), last = Interlocked.Exchange(ref model, next);
            ((IDisposable)last).Dispose();
        }

        Volatile.Write(ref isOver, true);
        Array.ForEach(threads, thread => thread.Join());
        ((IDisposable)model).Dispose();
        Assert.IsEmpty(wrong, wrong.FirstOrDefault());
        Assert.IsGreaterThan(0, answers);
        Console.WriteLine($"{Rounds} exchanges, {answers} answers, {refusals} times ObjectDisposedException");
    }

    [TestMethod]
    public void An_engine_for_each_request_may_own_a_model_that_others_use()
    {
        int answers = 0, refusals = 0;
        var wrong = new ConcurrentQueue<string>();
        for (int round = 0; round < Rounds; round++)
        {
            ITransformer model = Load();
            LiveTensors.OnThreads(Threads, () =>
            {
                try
                {
                    using PredictionEngine<TripleRow, JudgedRow> engine = Ml.Model.CreatePredictionEngine<TripleRow, JudgedRow>(model);
                    Check(engine.Predict(Question), wrong);
                    Interlocked.Increment(ref answers);
                }
                catch (ObjectDisposedException)
                {
                    Interlocked.Increment(ref refusals);
                }
            });
        }

        Assert.IsEmpty(wrong, wrong.FirstOrDefault());
        Assert.AreEqual(Rounds * Threads, answers + refusals);
        Assert.IsGreaterThanOrEqualTo(Rounds, answers, "the first of a round finds the model there");
    }

    [TestMethod]
    public void Every_object_that_a_transformer_gives_out_ends_with_it_and_not_before_its_answer()
    {
        using TransformerChain<ITransformer> chain = Load();
        (SgmTransformer stage1, GmtTransformer stage2) = ((SgmTransformer)chain.First(), (GmtTransformer)chain.Last());
        Triple[] triples = [.. stage2.Graph.Triples(GraphSplit.Test)[..2]];
        TripleJudge judge = stage2.GetJudge();
        ITripleScorer[] scorers = [stage1.Scorer, stage2.GetScorer()];
        float[] room = new float[2 * stage1.Graph.Entities.Count], more = new float[room.Length];
        Action<ITripleScorer>[] questions =
        [
            scorer => scorer.Score(triples, QueryMask.Full, room.AsMemory(0, 2)),
            scorer => scorer.ScoreTails(triples, QueryMask.Full, room),
            scorer => scorer.ScoreHeads(triples, QueryMask.Full, room),
            scorer => scorer.ScoreBothSides(triples, QueryMask.Full, room, more),
        ];
        Action[] all =
        [
            () => judge.Judge(triples), () => judge.JudgeWithoutMemory(triples), () => judge.Respond(triples, 2),
            () => judge.Explain(triples),
            .. scorers.SelectMany(scorer => questions.Select(question => (Action)(() => question(scorer)))),
            () => stage1.RankEntities(Pipelines.Graph.ToDataView(GraphSplit.Test)), () => stage2.GetJudge(), () => stage2.GetScorer(),
            () => Ml.Model.Save(chain, null, Stream.Null), () => Ml.Model.SaveSgmCheckpoint(stage1, Folder["sgm"]),
            () => Ml.Model.SaveGmtCheckpoint(stage2, Folder["gmt"]),
        ];
        Array.ForEach(all, ask => ask());
        chain.Dispose();
        foreach (Action ask in all)
        {
            Assert.ThrowsExactly<ObjectDisposedException>(ask);
        }
    }

    [TestMethod]
    public void A_prediction_under_way_gets_all_its_columns()
    {
        using TransformerChain<ITransformer> chain = Load();
        var stage2 = (GmtTransformer)chain.Last();
        IDataView rows = Ml.Data.LoadFromEnumerable([Question]);
        using DataViewRowCursor input = rows.GetRowCursor(rows.Schema);
        Assert.IsTrue(input.MoveNext());
        IRowToRowMapper mapper = ((ITransformer)chain).GetRowToRowMapper(rows.Schema);
        using DataViewRow row = mapper.GetRow(input, mapper.OutputSchema);
        ValueGetter<float> score = row.GetGetter<float>(row.Schema["Score"]);
        ValueGetter<ReadOnlyMemory<char>> explanation = row.GetGetter<ReadOnlyMemory<char>>(row.Schema["Explanation"]);
        float value = 0;
        score(ref value);
        chain.Dispose();
        ReadOnlyMemory<char> text = default;
        explanation(ref text);
        Assert.AreEqual((s_expected.Score, s_expected.Explanation), (value, text.ToString()));
        Assert.ThrowsExactly<ObjectDisposedException>(() => stage2.Lifetime.Keep(), "and nothing is kept after it");
    }

    [TestMethod]
    public void A_language_model_may_be_disposed_while_a_decoder_writes()
    {
        LlamaModel model = LlamaModel.Load(GmtPipelines.BaseModel);
        var decoder = new GreedyDecoder(model, new GreedyOptions { MaxNewTokens = 2 });
        Assert.HasCount(2, decoder.Generate([[1, 2, 3]])[0]);
        NativeLifetime.Hold writing = model.Lifetime.Keep();
        model.Dispose();
        using (model.Lifetime.Begin(writing))
        using (NewDisposeScope())
        {
            Assert.AreEqual(model.Config.VocabularySize, model.NextLogits(model.CreateBatch([[1, 2, 3]]).InputIds).size(1));
        }

        writing.Release();
        Assert.ThrowsExactly<ObjectDisposedException>(() => decoder.Generate([[1, 2, 3]]));
    }

    private static TransformerChain<ITransformer> Load() => (TransformerChain<ITransformer>)Ml.Model.Load(Archive, out _);

    private static void Check(JudgedRow answer, ConcurrentQueue<string> wrong)
    {
        if ((answer.Score, answer.Response, answer.Explanation) != (s_expected.Score, s_expected.Response, s_expected.Explanation))
        {
            wrong.Enqueue($"{answer.Score}, '{answer.Response}', '{answer.Explanation}' where {s_expected.Score}, '{s_expected.Response}', "
                + $"'{s_expected.Explanation}' is right");
        }
    }
}
