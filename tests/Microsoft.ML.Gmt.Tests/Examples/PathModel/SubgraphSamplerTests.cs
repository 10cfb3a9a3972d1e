using Examples.PathModel;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Examples;

[TestClass]
public sealed class SubgraphSamplerTests
{
    // Numbers of entities tell what each was in the source: entity i of relation r sends to (i · (r + 2)) mod N alone.
    private const int Entities = 400, Relations = 9;

    private static readonly SourceGraph Source = new("source", Entities, Relations, Enumerable.Range(0, Entities * Relations)
        .Select(i => new Triple(i % Entities, i / Entities, i % Entities * (i / Entities + 2) % Entities)));

    private static readonly SamplerOptions Options = new()
    {
        FewestEntities = 40,
        MostEntities = 300,
        FewestRelations = 2,
        MostFacts = 500,
    };

    [TestMethod]
    public void Each_entity_and_relation_of_a_subgraph_has_a_fact_and_nothing_is_stated_that_is_asked() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            CounterRandom random = new RandomStreams(seed).Stream("test");
            Subgraph drawn = new SubgraphSampler(Source, Options).Draw(ref random);
            CollectionAssert.AreEquivalent(
                Enumerable.Range(0, drawn.EntityCount).ToArray(),
                drawn.Facts.SelectMany(fact => new[] { fact.Head, fact.Tail }).Distinct().ToArray());
            CollectionAssert.AreEquivalent(
                Enumerable.Range(0, drawn.RelationCount).ToArray(), drawn.Facts.Select(fact => fact.Relation).Distinct().ToArray());
            Assert.IsLessThanOrEqualTo(Options.MostEntities, drawn.EntityCount);
            Assert.IsLessThanOrEqualTo(Options.MostFacts, drawn.Facts.Length + drawn.HeldOut.Length);
            Assert.IsNotEmpty(drawn.HeldOut);
            Assert.IsEmpty(drawn.Facts.Intersect(drawn.HeldOut));
            foreach (Triple triple in drawn.HeldOut)
            {
                Assert.IsTrue(triple.Head < drawn.EntityCount && triple.Tail < drawn.EntityCount && triple.Relation < drawn.RelationCount);
            }
        }));

    [TestMethod]
    public void A_subgraph_is_a_part_of_its_source_up_to_names_and_directions()
    {
        CounterRandom random = new RandomStreams(1).Stream("test");
        Subgraph drawn = new SubgraphSampler(Source, Options with { TurnsRelations = false }).Draw(ref random);

        // Where no relation is turned, each (head, relation) has one tail, as in the source.
        Triple[] all = [.. drawn.Facts, .. drawn.HeldOut];
        Assert.HasCount(all.Length, all.Select(triple => (triple.Head, triple.Relation)).Distinct());
        bool isTurned = false;
        for (int seed = 0; seed < 10 && !isTurned; seed++)
        {
            random = new RandomStreams(seed).Stream("test");
            Subgraph turned = new SubgraphSampler(Source, Options).Draw(ref random);
            Triple[] facts = [.. turned.Facts, .. turned.HeldOut];
            isTurned = facts.Length > facts.Select(triple => (triple.Head, triple.Relation)).Distinct().Count();
        }

        Assert.IsTrue(isTurned, "relations are turned around");
    }

    [TestMethod]
    public void Equal_streams_draw_equal_subgraphs_and_sizes_differ()
    {
        var sampler = new SubgraphSampler(Source, Options);
        CounterRandom one = new RandomStreams(7).Stream("test"), other = new RandomStreams(7).Stream("test");
        HashSet<int> sizes = [];
        for (int i = 0; i < 10; i++)
        {
            Subgraph a = sampler.Draw(ref one), b = sampler.Draw(ref other);
            CollectionAssert.AreEqual(a.Facts, b.Facts);
            CollectionAssert.AreEqual(a.HeldOut, b.HeldOut);
            sizes.Add(a.EntityCount);
        }

        Assert.IsGreaterThan(5, sizes.Count);
    }

    [TestMethod]
    public void Questions_have_all_their_answers() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(30), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            CounterRandom random = new RandomStreams(seed).Stream("test");
            Subgraph drawn = new SubgraphSampler(Source, Options).Draw(ref random);
            QueryBatch batch = QueryBatch.Draw(drawn, 12, 2, ref random);
            Assert.IsLessThanOrEqualTo(12, batch.Queries.Length);
            Assert.IsLessThanOrEqualTo(2, batch.Queries.Select(query => query.Label % drawn.RelationCount).Distinct().Count());
            for (int i = 0; i < batch.Queries.Length; i++)
            {
                (int source, int label) = (batch.Queries[i].Source, batch.Queries[i].Label);
                int[] Answers(Triple[] triples) => label < drawn.RelationCount
                    ? [.. triples.Where(triple => triple.Head == source && triple.Relation == label).Select(triple => triple.Tail)]
                    : [.. triples.Where(triple => triple.Tail == source && triple.Relation == label - drawn.RelationCount)
                        .Select(triple => triple.Head)];
                CollectionAssert.AreEquivalent(Answers(drawn.HeldOut), batch.Queries[i].Answers);
                CollectionAssert.AreEquivalent(
                    (int[])[.. Answers(drawn.HeldOut), .. Answers(drawn.Facts)], batch.Queries[i].Known);
            }
        }));

    [TestMethod]
    public void A_source_without_triples_is_refused() =>
        Assert.ThrowsExactly<ArgumentException>(() => new SourceGraph("empty", 3, 1, []));
}
