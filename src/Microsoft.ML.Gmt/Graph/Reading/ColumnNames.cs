namespace Microsoft.ML.Gmt.Graph;

/// <summary>
/// What a header's names say: which column is head, relation, tail and label. Names are those of OpenKE, PyKEEN, KGX, KGTK, Neo4j, APOC,
/// Cytoscape, Gephi, NetworkX and RDF tools, without regard to case, punctuation and endings such as <c>_id</c>.
/// </summary>
internal static class ColumnNames
{
    /// <summary>Names of heads and tails that belong together, the surest first.</summary>
    private static readonly (string Head, string Tail)[] Pairs =
    [
        ("head", "tail"), ("subject", "object"), ("subj", "obj"), ("start", "end"), ("source", "target"), ("src", "dst"),
            ("source", "destination"),
        ("source", "sink"), ("src", "target"), ("src", "tgt"), ("from", "to"), ("node1", "node2"), ("entity1", "entity2"), ("e1", "e2"),
            ("ent1", "ent2"),
        ("n1", "n2"), ("entitya", "entityb"), ("nodea", "nodeb"), ("arg1", "arg2"), ("lhs", "rhs"), ("sub", "obj"),
            ("origin", "destination"),
        ("h", "t"), ("s", "o"), ("subjekt", "objekt"), ("sujet", "objet"), ("sujeto", "objeto"), ("soggetto", "oggetto"), ("主語", "目的語"),
        ("头实体", "尾实体"), ("头", "尾"), ("主语", "宾语"), ("主体", "客体"), ("实体1", "实体2"),
    ];

    /// <summary>Names of relations, the surest first; a label is one where nothing else is.</summary>
    private static readonly string[] Relations =
    [
        "relation", "predicate", "relationship", "rel", "property", "relationtype", "reltype", "relationshiptype", "edgetype",
            "edgelabel", "edge",
        "linktype", "link", "interactiontype", "interaction", "association", "verb", "attribute", "type", "r", "p", "prädikat", "beziehung",
        "prédicat", "predicado", "relación", "predicato", "relazione", "关系", "谓语", "谓词", "述語", "label",
    ];

    /// <summary>Names of relations that hardly are names of things.</summary>
    private static readonly string[] SureRelations =
        ["relation", "predicate", "relationship", "relationtype", "reltype", "relationshiptype", "关系"];

    private static readonly string[] Labels = ["label", "labels", "truth", "istrue", "truthvalue", "gold", "correct", "class", "y",
        "isfact", "positive"];

    /// <summary>Names that columns have, but names of things hardly do together.</summary>
    private static readonly string[] Others =
    [
        "id", "name", "category", "weight", "weights", "score", "confidence", "probability", "description", "value", "date", "time",
            "timestamp",
        "year", "count", "index", "key", "uri", "iri", "title", "comment", "graph", "context", "provenance", "knowledgesource",
            "publications",
        "negated", "qualifiers", "since", "until", "begin", "directed", "entity", "node", "text", "definition", "names", "ids", "labelen",
            "ignore",
    ];

    private static readonly string[] Endings = ["id", "name", "node", "entity", "uri", "iri", "key", "vertex", "text", "label"];

    private static readonly string[] Neo4jWords = ["START_ID", "END_ID", "TYPE", "ID", "LABEL", "IGNORE"];

    private static readonly string[] Directions = ["directed", "undirected", "mutual"];

    /// <summary>
    /// The columns by the names of a header, in letters as in <see cref="DelimitedFormat.Columns"/>; null where one of the three is
    /// missing.
    /// </summary>
    /// <param name="header">The fields of the first line.</param>
    /// <param name="values">The fields of a column in the lines below.</param>
    public static string? Read(IReadOnlyList<string> header, Func<int, IReadOnlyCollection<string>> values)
    {
        string[] names = [.. header.Select(Plain)];
        (int head, int tail) = FindPair(names);
        if (head < 0 || tail < 0)
        {
            return null;
        }

        int relation = FindRelation(names, head, tail, values);
        if (relation < 0)
        {
            return null;
        }

        int label = FindLabel(names, relation, values);
        return string.Concat(names.Select((_, column) =>
            column == head ? 'h' : column == relation ? 'r' : column == tail ? 't' : column == label ? 'l' : '_'));
    }

    /// <summary>
    /// The three columns of a header that names the relations' one and calls the others in its own way, such as product, relation, part:
    /// the head then comes before the tail. Null where the line may be a triple: where a field of it stands below as well.
    /// </summary>
    /// <param name="header">The fields of the first line.</param>
    /// <param name="values">The fields of a column in the lines below.</param>
    public static string? ReadByRelation(IReadOnlyList<string> header, Func<int, IReadOnlyCollection<string>> values)
    {
        int[] columns = [.. Enumerable.Range(0, header.Count)];
        bool isThere = columns.Any(column => values(column) is var below && (below.Count < 2 || below.Contains(header[column])));
        int[] relations = [.. columns.Where(column => SureRelations.Contains(Plain(header[column])))];
        return header.Count == 3 && !isThere && relations is [var relation]
            ? "ht".Insert(relation, "r")
            : null;
    }

    /// <summary>Whether a line is one of column names, though it may not say which column is which.</summary>
    public static bool AreColumnNames(IReadOnlyList<string> line)
    {
        string[] names = [.. line.Select(Plain)];
        (int head, int tail) = FindPair(names);
        return (head >= 0 && tail >= 0 && names[head].Length > 1)
            || (names.Length > 1 && names.All(name => name.Length > 1 && IsKnown(name)));
    }

    private static bool IsKnown(string name) =>
        Others.Contains(name) || Labels.Contains(name) || Relations.Any(known => Rank(name, known) >= 0)
        || Pairs.Any(pair => Rank(name, pair.Head) >= 0 || Rank(name, pair.Tail) >= 0);

    private static (int Head, int Tail) FindPair(string[] names)
    {
        foreach ((string head, string tail) in Pairs)
        {
            (int first, int second) = (Find(names, head), Find(names, tail));
            if (first >= 0 && second >= 0)
            {
                return (first, second);
            }
        }

        // Words of different pairs; letters alone are too likely to be names.
        int anyHead = Array.FindIndex(names, name => name.Length > 1 && Pairs.Any(pair => Rank(name, pair.Head) >= 0));
        int anyTail = Array.FindIndex(names, name => name.Length > 1 && Pairs.Any(pair => Rank(name, pair.Tail) >= 0));
        return anyHead == anyTail ? (-1, -1) : (anyHead, anyTail);
    }

    private static int FindRelation(string[] names, int head, int tail, Func<int, IReadOnlyCollection<string>> values)
    {
        foreach (string known in Relations)
        {
            int column = Find(names, known, head, tail);
            if (column >= 0 && !IsSomethingElse(known, values(column)))
            {
                return column;
            }
        }

        return -1;
    }

    /// <summary>Gephi's column of types says whether an edge is directed; a label that is true or false is no relation.</summary>
    private static bool IsSomethingElse(string known, IReadOnlyCollection<string> values) =>
        values.Count > 0
        && (known == "type"
            ? values.All(value => Directions.Contains(value.Trim().ToLowerInvariant()))
            : known == "label" && TruthLabel.AreLabels(values));

    private static int FindLabel(string[] names, int relation, Func<int, IReadOnlyCollection<string>> values)
    {
        foreach (string known in Labels)
        {
            int column = Array.IndexOf(names, known);
            if (column >= 0 && column != relation && (known == "label" || TruthLabel.AreLabels(values(column))))
            {
                return column;
            }
        }

        return -1;
    }

    private static int Find(string[] names, string known, params ReadOnlySpan<int> taken)
    {
        (int best, int bestRank) = (-1, int.MaxValue);
        for (int column = 0; column < names.Length; column++)
        {
            int rank = Rank(names[column], known);
            if (rank >= 0 && rank < bestRank && !taken.Contains(column))
            {
                (best, bestRank) = (column, rank);
            }
        }

        return best;
    }

    /// <summary>0 for the name itself, more for the name with an ending, -1 for another name.</summary>
    private static int Rank(string name, string known)
    {
        if (!name.StartsWith(known, StringComparison.Ordinal))
        {
            return -1;
        }

        string ending = name[known.Length..];
        int at = Array.IndexOf(Endings, ending);
        return ending.Length == 0 ? 0 : known.Length > 1 && at >= 0 ? at + 1 : -1;
    }

    /// <summary>
    /// A name without case, punctuation and what tools write around it: <c>personId:START_ID(Person)</c> is <c>startid</c>.
    /// </summary>
    private static string Plain(string name)
    {
        string text = name.Trim().TrimStart('#', '\uFEFF');
        int colon = text.LastIndexOf(':');
        if (colon >= 0)
        {
            string after = text[(colon + 1)..].Split('(')[0];
            text = Neo4jWords.Contains(after.ToUpperInvariant()) || colon == 0 || IsKnown(Letters(after)) ? after : text[..colon];
        }

        return Letters(text);
    }

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
