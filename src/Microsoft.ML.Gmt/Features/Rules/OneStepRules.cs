using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Features;

/// <summary>Rules (u, s, v) → (u, r, v), where s is another relation or any relation the other way round, mined from the edges.</summary>
/// <remarks>
/// The support of a rule counts the pairs that have both edges, its body those that have (u, s, v). Self loops are no edges of rules.
/// What hidden triples add to either is taken off again: their own support, and that as part of a body.
/// </remarks>
internal sealed class OneStepRules
{
    private readonly Dictionary<long, int> _support = [];
    private readonly int[] _body;   // [relations]
    private readonly int _relations;

    public OneStepRules(SignedEdges edges)
    {
        _relations = edges.RelationCount;
        _body = new int[_relations];
        for (int head = 0; head < edges.EntityCount; head++)
        {
            ReadOnlySpan<int> neighbors = edges.JoinNeighbors(head), relations = edges.JoinRelations(head);
            for (int i = 0; i < neighbors.Length; i++)
            {
                if ((relations[i] & 1) == 0)
                {
                    _body[relations[i] >> 1]++;
                    foreach (int signed in edges.Between(head, neighbors[i]))
                    {
                        if (signed != relations[i])
                        {
                            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(
                                _support, Key(signed, relations[i] >> 1), out _)++;
                        }
                    }
                }
            }
        }
    }

    /// <summary>Support and body of the rule from s to r without what hidden triples add.</summary>
    public (int Support, int Body) Of(MaskedEdges edges, int signed, int relation)
    {
        int support = _support.GetValueOrDefault(Key(signed, relation));
        int body = _body[signed >> 1];
        for (int i = 0; i < edges.HiddenCount; i++)
        {
            Triple hidden = edges.Hidden(i);
            if (hidden.Head == hidden.Tail)
            {
                continue;
            }

            // Of the edges that the ones before left: each pair is taken off once.
            MaskedEdges left = edges.HidingFirst(i);
            support -= hidden.Relation == relation && left.Contains(hidden.Head, signed, hidden.Tail) ? 1 : 0;
            if (hidden.Relation == signed >> 1)
            {
                body--;
                (int from, int to) = (signed & 1) == 0 ? (hidden.Head, hidden.Tail) : (hidden.Tail, hidden.Head);
                support -= left.Contains(from, 2 * relation, to) ? 1 : 0;
            }
        }

        return (support, body);
    }

    private long Key(int signed, int relation) => ((long)signed * _relations) + relation;
}
