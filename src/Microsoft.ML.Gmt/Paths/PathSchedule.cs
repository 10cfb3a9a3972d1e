namespace Microsoft.ML.Gmt.Paths;

/// <summary>Runs queries on all threads, relation by relation, so that what a relation's queries share is computed once.</summary>
internal static class PathSchedule
{
    /// <summary>Runs groups of asks, each on one thread.</summary>
    /// <param name="runtime">The model over its graph.</param>
    /// <param name="groups">Asks that are answered together; all of a group ask the same side of one relation.</param>
    /// <param name="answer">Answers a group; called by many threads at once.</param>
    public static void Run(PathRuntime runtime, IEnumerable<PathAsk[]> groups, Action<PathAsk[], ConditionedRelation> answer)
    {
        foreach (IGrouping<int, PathAsk[]>[] wave in groups.GroupBy(group => runtime.KeyOf(group[0])).Chunk(runtime.RelationsAtOnce))
        {
            var leases = new RelationCache.Lease?[wave.Length];
            try
            {
                ForEach(wave.Length, i => leases[i] = runtime.Take(wave[i].Key));
                (PathAsk[] Group, ConditionedRelation Relation)[] work =
                    [.. wave.SelectMany((part, i) => part.Select(group => (group, leases[i]!.Value.Relation)))];
                ForEach(work.Length, i => answer(work[i].Group, work[i].Relation));
            }
            finally
            {
                foreach (RelationCache.Lease? lease in leases)
                {
                    lease?.Dispose();
                }
            }
        }
    }

    // The first exception as it was thrown, not one that holds it.
    private static void ForEach(int count, Action<int> body)
    {
        try
        {
            Parallel.For(0, count, body);
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }
}
