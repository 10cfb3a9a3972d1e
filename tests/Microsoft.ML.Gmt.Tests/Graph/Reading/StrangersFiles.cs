namespace Microsoft.ML.Gmt.Tests.Graph;

/// <summary>A kind of graph files that strangers have: what stands in them, and what must be said or read of them.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Files">Each file's name and text.</param>
internal sealed record StrangersFiles(string Kind, params (string Name, string Text)[] Files)
{
    /// <summary>The training triples, "head relation tail" with semicolons between; null where the files are refused.</summary>
    public string? Train { get; init; }

    /// <summary>The test triples, in the same way.</summary>
    public string? Test { get; init; }

    /// <summary>The labeled negatives of the test split, in the same way.</summary>
    public string? Denied { get; init; }

    /// <summary>What the first fault says; null where there is none.</summary>
    public string? Fault { get; init; }

    /// <summary>What one of the doubts says.</summary>
    public string? Doubt { get; init; }

    /// <summary>What the log of <c>LoadKnowledgeGraph</c> says.</summary>
    public string? Warning { get; init; }

    private static readonly (string, string)[] OpenKe =
    [
        ("entity2id.txt", "3\nsun\t0\nmars\t1\nio\t2\n"), ("relation2id.txt", "1\norbits\t0\n"), ("train2id.txt", "1\n1 0 0\n"),
            ("test2id.txt", "1\n2 1 0\n"),
    ];

    private static (string, string)[] OpenKeBut(string name, string text) => [.. OpenKe.Where(file => file.Item1 != name), (name, text)];

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<StrangersFiles> All { get; } =
    [
        new("a right OpenKE folder", OpenKe) { Train = "mars orbits sun", Test = "io orbits mars" },
        new("ids as in a database", OpenKeBut("entity2id.txt", "3\nsun\t901\nmars\t902\nio\t903\n"))
            { Fault = "ids run from 901; they must run from 0 to 2: subtract 901" },
        new("file of entities cut off", OpenKeBut("entity2id.txt", "2\nsun\t0\nmars\t1\n"))
            { Fault = "the head id 2 is out of range: there are 2 entities" },
        new("wrong count", OpenKeBut("train2id.txt", "4\n1 0 0\n")) { Fault = "promises 4 triples, but 1 follow" },
        new("one name with two ids", OpenKeBut("entity2id.txt", "3\nsun\t0\nmars\t1\nsun\t2\n"))
            { Fault = "the name 'sun' stands in line 2 already" },
        new("no count line", OpenKeBut("entity2id.txt", "sun\t0\nmars\t1\nio\t2\n"))
            { Fault = "the first line must be the number of lines that follow" },
        new("blanks in names and as separators", OpenKeBut("entity2id.txt", "3\nthe sun 0\nmars 1\nio 2\n"))
            { Fault = "put a tab between them" },
        new("ids before names", OpenKeBut("entity2id.txt", "3\n0\tsun\n1\tmars\n2\tio\n")) { Fault = "the columns are swapped" },
        new("OpenKE with byte order marks and CR LF",
            [.. OpenKe.Select(file => (file.Item1, "\uFEFF" + file.Item2.Replace("\n", "\r\n", StringComparison.Ordinal)))])
            { Train = "mars orbits sun", Test = "io orbits mars" },
        new("OpenKE with CR", [.. OpenKe.Select(file => (file.Item1, file.Item2.Replace('\n', '\r')))])
            { Train = "mars orbits sun", Test = "io orbits mars" },
        new("ids of OpenKE in train.txt", [.. OpenKe.Where(file => !file.Item1.StartsWith('t')), ("train.txt", "1\n1 0 0\n")])
            { Train = "mars orbits sun", Warning = "'train.txt' holds ids" },
        new("names in train.txt beside ids", ("entity2id.txt", "sun\t0\nmars\t1\n"), ("relation2id.txt", "orbits\t0\n"),
            ("train.txt", "mars\torbits\tsun\n"))
            { Train = "mars orbits sun", Warning = "holds names" },
        new("names in another order beside ids of relations", ("entity2id.txt", "sun\t0\nmars\t1\n"), ("relation2id.txt", "orbits\t0\n"),
            ("train.txt", "mars\tsun\torbits\n"))
            { Train = "mars orbits sun", Warning = "holds names" },
        new("a list of relations beside another order", ("train.txt", "mars\tsun\torbits\nio\tmars\torbits\n"),
            ("relations.txt", "orbits\nlights up\n"))
            { Train = "mars orbits sun; io orbits mars", Doubt = "passed over" },
        new("LibKGE", ("entity_ids.del", "0\tsun\n1\tmars\n"), ("relation_ids.del", "0\torbits\n"), ("train.del", "1\t0\t0\n"),
            ("test.del", "0\t0\t1\n"),
            ("test_negatives.del", "1\t0\t1\n")) { Train = "mars orbits sun", Test = "sun orbits mars", Denied = "mars orbits mars" },
        new("LibKGE with an id too many", ("entity_ids.del", "0\tsun\n2\tmars\n"), ("relation_ids.del", "0\torbits\n"),
            ("train.del", "1\t0\t0\n"))
            { Fault = "expected the id 1" },
        new("four columns between tabs, commas in names", ("train.tsv", "tea\tmade of, or with\tleaves\t1662\ntea\tdrunk in\tKent\t1700\n"))
            { Fault = "the lines have 4 columns between tabs" },
        new("commas in most names, blanks in all, tabs between", ("train.tsv", "a, b\tr, s\tc, d\ne f\tr, s\ta, b\n"))
            { Train = "a, b r, s c, d; e f r, s a, b" },
        new("head, tail, relation", ("train.txt", "ant\tbee\teats\nbee\tcow\teats\ncow\tdog\tfears\ndog\tant\tfears\n"))
            { Train = "ant bee eats; bee cow eats; cow dog fears; dog ant fears", Doubt = "the columns may be 'htr'",
                Warning = "names of both an entity and a relation" },
        new("relation, head, tail", ("train.txt", "eats\tant\tbee\neats\tbee\tcow\nfears\tcow\tdog\nfears\tdog\tant\n"))
            { Doubt = "the columns may be 'rht'", Train = "eats ant bee; eats bee cow; fears cow dog; fears dog ant" },
        new("head, tail, relation, where no tail is a head", ("train.txt", "u1\tx\tlikes\nu2\ty\tlikes\nu3\tz\tlikes\nu4\tw\thates\n"))
            { Train = "u1 x likes; u2 y likes; u3 z likes; u4 w hates", Warning = "relations, nearly as many as entities" },
        new("labels without a header", ("train.tsv", "a\tr\tb\n"), ("dev.tsv", "a\tr\ta\t-1\nb\tr\tb\t1\n"),
            ("test.tsv", "b\tr\ta\t1\na\tr\ta\t-1\n"))
            { Train = "a r b", Test = "b r a", Denied = "a r a", Warning = "test.tsv has a fourth column of labels" },
        new("labels in words", ("train.csv", "a,r,b\n"), ("test.csv", "head,relation,tail,label\nb,r,a,Yes\na,r,a,no\n"))
            { Train = "a r b", Test = "b r a", Denied = "a r a" },
        new("a fourth column of numbers without a header", ("train.tsv", "a\tr\tb\t3\nb\tr\ta\t7\n")) { Fault = "4 columns between tabs" },
        new("negatives of CoDEx", ("train.txt", "a\tr\tb\n"), ("test.txt", "b\tr\ta\n"), ("test_negatives.txt", "a\tr\ta\n"),
            ("valid_negatives.txt", "b\tr\tb\n"))
            { Train = "a r b", Test = "b r a", Denied = "a r a" },
        new("files that nobody reads", ("train.tsv", "a\tr\tb\n"), ("training_negatives.tsv", "a\tr\ta\n"), ("README.txt", "hello"))
            { Train = "a r b", Warning = "passed over (training_negatives.tsv)" },
        new("blanks after commas", ("train.csv", "moss, grows on, stone\nstone, lies on, moss\n"))
            { Train = "moss grows on stone; stone lies on moss", Warning = "white space around them" },
        new("no-break and trailing blanks", ("train.tsv", "moss\tgrows on\tstone\u00A0\nstone \tlies on\u3000\tmoss\n"))
            { Train = "moss grows on stone; stone lies on moss", Doubt = "white space around them" },
        new("quotation marks after blanks", ("train.csv", "\"a, b\", \"r\" , \"c\"\nc, r, \"a, b\"\n"))
            { Train = "a, b r c; c r a, b", Warning = "white space around them" },
        new("blanks in quotation marks stay", ("train.csv", "\" a\",r,b\na,r,b\n")) { Train = " a r b; a r b", Doubt = "names look alike" },
        new("Neo4j", ("train.csv", ":START_ID(Person),since:int,:END_ID(Film),:TYPE\n7,1999,9,SAW\n8,2001,9,SAW\n"))
            { Train = "7 SAW 9; 8 SAW 9" },
        new("Neo4j with names of its own", ("train.csv", "personId:START_ID,filmId:END_ID,:TYPE\n7,9,SAW\n")) { Train = "7 SAW 9" },
        new("nodes of Neo4j", ("train.csv", ":ID,name,:LABEL\n7,Ada,Person\n")) { Fault = "the first line names columns" },
        new("APOC", ("train.csv", "\"_start\",\"_end\",\"_type\"\n\"7\",\"9\",\"SAW\"\n")) { Train = "7 SAW 9" },
        new("KGX", ("train.tsv", "id\tsubject\tpredicate\tobject\tcategory\nx1\tA:1\tbiolink:treats\tB:2\tassoc\n"))
            { Train = "A:1 biolink:treats B:2" },
        new("nodes of KGX", ("train.tsv", "id\tcategory\tname\nA:1\tdrug\taspirin\n")) { Fault = "the first line names columns" },
        new("KGTK", ("train.tsv", "id\tnode1\tlabel\tnode2\ne1\tQ1\tP31\tQ2\n")) { Train = "Q1 P31 Q2" },
        new("Gephi", ("train.csv", "Source,Target,Type,Id,Label,Weight\na,b,Directed,0,knows,1\nb,c,Directed,1,likes,1\n"))
            { Train = "a knows b; b likes c" },
        new("from, to, type", ("train.csv", "From,To,Type\na,b,knows\n")) { Train = "a knows b" },
        new("source, target, relation", ("train.tsv", "source\ttarget\trelation\na\tb\tr\n")) { Train = "a r b" },
        new("source_id, relationship type, target_id", ("train.csv", "source_id;relationship type;target_id\na;r;b\n")) { Train = "a r b" },
        new("an edge list without relations", ("train.csv", "source,target,weight\na,b,0.5\n")) { Fault = "the first line names columns" },
        new("s p o", ("train.tsv", "S\tP\tO\nx\ty\tz\n")) { Train = "x y z" },
        new("a header behind a sharp", ("train.tsv", "#head\trelation\ttail\na\tr\tb\n")) { Train = "a r b" },
        new("a header of unknown words",
            ("train.tsv", "drug\taction\tprotein\n" + string.Concat(Enumerable.Range(0, 9).Select(i => $"d{i % 3}\tbinds\tp{i / 3}\n"))))
            { Train = "*", Doubt = "is it a header?", Warning = "is it a header?" },
        new("a header of unknown words above a few lines", ("train.csv", "gene,interacts,disease\na,x,b\nc,y,d\ne,x,f\nc,y,b\na,x,d\n"))
            { Train = "*", Doubt = "is it a header?", Warning = "is it a header?" },
        new("head, tail, relation of a catalogue",
            ("train.csv", string.Concat(Enumerable.Range(0, 60).Select(i => $"p{i % 20},q{i % 12},{(i % 5 == 0 ? "fits" : "made of")}\n"))))
            { Train = "*", Warning = "the columns may be 'htr'" },
        new("a byte order mark twice", ("train.tsv", "\uFEFF\uFEFFa\tr\tb\n")) { Train = "\uFEFFa r b", Doubt = "control or broken" },
        new("a header twice", ("train.tsv", "head\trelation\ttail\na\tr\tb\nhead\trelation\ttail\nb\tr\ta\n"))
            { Fault = "line 3: the header stands here again" },
        new("a header in one file only, in another order", ("train.tsv", "tail\trelation\thead\nb\tr\ta\n"), ("test.tsv", "a\tr\tb\n"))
            { Train = "a r b", Test = "b r a", Warning = "another split's, 'trh'" },
        new("a header with weights in one file only", ("train.tsv", "head\trelation\ttail\tweight\na\tr\tb\t0.5\n"),
            ("test.tsv", "b\tr\ta\t0.25\n"))
            { Train = "a r b", Test = "b r a", Warning = "another split's, 'hrt_'" },
        new("comments before everything", ("train.txt", "# a b c\n# d e f\n# g h i\na;r;b\n"))
            { Fault = "line 1: expected 3 fields between semicolons" },
        new("R's table, every field in quotation marks", ("train.tsv", "\"head\"\t\"relation\"\t\"tail\"\n\"a\"\t\"r\"\t\"b\"\n"),
            ("test.tsv", "head\trelation\ttail\nb\tr\ta\n"))
            { Train = "a r b", Test = "b r a" },
        new("R's table with names of rows",
            ("train.txt", "\"head\" \"relation\" \"tail\"\n\"1\" \"a b\" \"r\" \"c\"\n\"2\" \"c\" \"r\" \"a b\"\n"))
                { Train = "a b r c; c r a b" },
        new("quotation marks in some fields of TSV", ("train.tsv", "\"Stan\"\tplays\toboe\nSue\tplays\t\"the tuba\nSam\t\"plays\"\toboe\n"))
            { Train = "\"Stan\" plays oboe; Sue plays \"the tuba; Sam \"plays\" oboe", Doubt = "quotation marks around the name" },
        new("N-Triples",
            ("train.nt",
                "<http://x.org/a> <http://x.org/r> <http://x.org/b> .\n# said so\n\n_:n1 <http://x.org/r> "
                    + "\"Caf\\u00E9, \\\"closed\\\"\"@FR .\n"))
            { Train = "http://x.org/a http://x.org/r http://x.org/b; _:n1 http://x.org/r \"Café, \"closed\"\"@fr", Doubt = "literals" },
        new("N-Triples between tabs under another name", ("train.tsv", "<a>\t<r>\t<b> .\n<b>\t<r>\t\"5\"^^<int> .\n"))
            { Train = "a r b; b r \"5\"^^<int>" },
        new("N-Quads", ("train.nq", "<a> <r> <b> <g> .\n")) { Train = "a r b", Warning = "the name of a graph" },
        new("broken N-Triples", ("train.nt", "<a> <r> <b> .\n<a> <r> b .\n")) { Fault = "line 2, column 9: a term begins with" },
        new("Turtle", ("train.ttl", "@prefix x: <http://x.org/> .\nx:a x:r x:b .\n")) { Fault = "this is Turtle" },
        new("Turtle without prefixes", ("train.ttl", "<a> <r> <b> ;\n    <s> <c> .\n")) { Fault = "this is Turtle" },
        new("ids beside a list of their names", ("train.txt", "0\t0\t1\n1\t0\t0\n"), ("entities.dict", "0\tsun\n1\tmars\n"))
            { Train = "0 0 1; 1 0 0", Warning = "all entities are numbers" },
        new("many relations that are in their place",
            ("train.tsv", string.Concat(Enumerable.Range(0, 9).Select(i => $"n{i % 3}\tr{i}\tn{(i + 1) % 3}\n"))))
            { Train = "*", Doubt = "relations, nearly as many as entities" },
        new("RDF/XML of a document type", ("train.txt", "<!DOCTYPE rdf:RDF [\n]>\n<rdf:RDF>\n")) { Fault = "this is RDF/XML" },
        new("RDF/XML", ("train.txt", "<?xml version=\"1.0\"?>\n<rdf:RDF>\n")) { Fault = "this is XML" },
        new("JSON", ("train.txt", "[{\"head\": \"a\"}]\n")) { Fault = "this is JSON" },
        new("bars, four columns", ("train.txt", "a|b | c|d\n")) { Fault = "4 columns between bars" },
        new("bars", ("train.txt", "a b|r|c, d\nc, d|r s|a b\n")) { Train = "a b r c, d; c, d r s a b" },
        new("two delimiters do", ("train.txt", "a,b|c,d|e\nf,g|h,i|j\n")) { Fault = "both commas and bars" },
        new("blanks, and names of several words", ("train.txt", "oslo capital_of norway\nrio de janeiro in brazil\n"))
            { Fault = "line 2: expected 3 fields between blanks, found 5" },
        new("semicolons with decimal commas", ("train.csv", "head;relation;tail;weight\na;r;b;0,5\nb;r;a;1,5\n"))
            { Train = "a r b; b r a" },
        new("a comment first", ("train.tsv", "# exported today\na\tr\tb\n"))
            { Fault = "line 1: expected 3 fields between tabs, found 1 in '# exported today'; a comment is no triple" },
        new("blank lines inside", ("train.csv", "\na,r,b\n\n \nb,r,a\n\n"))
            { Train = "a r b; b r a", Doubt = "lines without a name in them, which were passed over" },
        new("empty rows of a spreadsheet", ("train.csv", "head;relation;tail\r\n;;\r\na;r;b\r\n; ;\r\nb;r;a\r\n;;\r\n"))
            { Train = "a r b; b r a", Doubt = "lines without a name in them, which were passed over" },
        new("two columns", ("train.tsv", "a\tb\n")) { Fault = "2 columns between tabs" },
        new("a line end in quotation marks", ("train.csv", "head,relation,tail\n\"a\nb\",r,c\n"))
            { Fault = "line 2, column 1: the quotation mark has no partner" },
        new("lines that end with CR", ("train.tsv", "a\tr\tb\rb\tr\ta\r")) { Train = "a r b; b r a" },
        new("byte order mark, CR LF, header", ("train.tsv", "\uFEFFhead\trelation\ttail\r\na\tr\tb\r\n")) { Train = "a r b" },
        new("numbers as names", ("train.tsv", "7\tr\t8\n07\tr\t8\n7.0\tr\t8\n")) { Train = "7 r 8; 07 r 8; 7.0 r 8" },
        new("NUL in a name", ("train.tsv", "a\0b\tr\tc\n")) { Train = "a\0b r c", Doubt = "control or broken characters" },
        new("names of several normal forms", ("train.tsv", "Gen\u00E8ve\tin\tCH\nGene\u0300ve\thas\tlake\n"))
            { Train = "*", Doubt = "names look alike" },
        new("zero width, full width, case", ("train.tsv", "Rome\u200B\tin\tItaly\nRome\tin\tＥｕｒｏｐｅ\nrome\tin\tEurope\n"))
            { Train = "*", Doubt = "differ in case alone" },
        new("a byte order mark inside a name", ("train.tsv", "a\tr\tb\n\uFEFFa\tr\tb\n")) { Train = "*", Doubt = "a = <U+FEFF>a" },
        new("one label for two", ("train.tsv", "Q1\tP1\tQ2\n"), ("entity2text.txt", "Q1\tMercury\nQ2\tMercury\n"))
            { Train = "Q1 P1 Q2", Doubt = "share a label (Mercury: Q1, Q2)" },
        new("test pairs the other way round", ("train.tsv", "a\tabove\tb\nc\tabove\td\n"), ("test.tsv", "b\tbelow\ta\n"))
            { Train = "*", Test = "b below a", Doubt = "inverse leakage" },
        new("names that training lacks", ("train.tsv", "a\tr\tb\n"), ("test.tsv", "x\ts\ta\n"))
            { Train = "a r b", Test = "x s a", Doubt = "entities without a training edge" },
        new("the same again, and a loop", ("train.tsv", "a\tr\tb\na\tr\tb\na\tr\ta\n"))
            { Train = "a r b; a r b; a r a", Doubt = "train: duplicates" },
    ];
}
