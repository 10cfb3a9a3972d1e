namespace Microsoft.ML.Gmt.Graph;

/// <summary>Reads a folder in OpenKE's layout, with texts and labelled negatives where it has them.</summary>
internal sealed class OpenKeFolder
{
    public const string EntityFile = "entity2id.txt";
    public const string RelationFile = "relation2id.txt";

    private readonly string _folder;
    private readonly OpenKeOptions _options;

    public OpenKeFolder(string folder, OpenKeOptions options) => (_folder, _options) = (folder, options);

    public KnowledgeGraph Read()
    {
        Vocabulary entities = OpenKeNameFile.Read(Required(EntityFile));
        Vocabulary relations = OpenKeNameFile.Read(Required(RelationFile));
        var triples = new OpenKeTripleFile(TripleColumns.Parse(_options.TripleFormat), entities.Count, relations.Count);
        Triple[][] splits = GraphContent.NoTriples();
        splits[(int)GraphSplit.Train] = triples.Read(Required(_options.TrainFile));
        splits[(int)GraphSplit.Validation] = ReadTriples(triples, _options.ValidationFile, "valid2id.txt");
        splits[(int)GraphSplit.Test] = ReadTriples(triples, _options.TestFile, "test2id.txt");
        Triple[][] negatives = GraphContent.NoTriples();
        negatives[(int)GraphSplit.Validation] = ReadTriples(triples, null, "valid_neg2id.txt");
        negatives[(int)GraphSplit.Test] = ReadTriples(triples, null, "test_neg2id.txt");
        var content = new GraphContent(entities, relations)
        {
            Triples = splits,
            Negatives = negatives,
            EntityTexts = ReadTexts("entity2text.txt", entities),
            RelationTexts = ReadTexts("relation2text.txt", relations),
            EntityDefinitions = ReadTexts("entity2definition.txt", entities),
            RelationDefinitions = ReadTexts("relation2definition.txt", relations),
        };
        return new KnowledgeGraph(content, _options.AddInverse);
    }

    private Triple[] ReadTriples(OpenKeTripleFile triples, string? given, string usual) =>
        given is not null ? triples.Read(Required(given))
        : File.Exists(Path.Combine(_folder, usual)) ? triples.Read(Path.Combine(_folder, usual))
        : [];

    private NameTexts ReadTexts(string file, Vocabulary names)
    {
        string path = Path.Combine(_folder, file);
        return File.Exists(path) ? NameTextFile.Read(path, names, _options.IgnoreTextsOfUnknownNames) : NameTexts.None;
    }

    private string Required(string file)
    {
        string path = Path.Combine(_folder, file);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"The folder '{_folder}' has no '{file}', which an OpenKE graph needs.", path);
    }
}
