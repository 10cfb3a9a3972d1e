#:project ../../src/Microsoft.ML.Gmt/Microsoft.ML.Gmt.csproj
#:package libtorch-cpu-linux-x64
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property EnforceCodeStyleInBuild=false
#:property NoWarn=$(NoWarn);CA1861

// Writes the archives and what they answer, for commit 57650c7: dotnet run write-archives.cs, in this folder.
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Memory.Prompts;
using Microsoft.ML.Gmt.Memory.Training;
using Microsoft.ML.Gmt.Sgm;

const string LanguageModel = "/models/tiny", SentenceModel = "/models/tiny-sentences";
MLContext ml = new(seed: 1);
KnowledgeGraph graph = ml.Data.LoadKnowledgeGraph("graph", addInverse: true);
IDataView train = graph.ToDataView();
Question[] questions =
[
    .. Rows(graph.ToLabeledDataView(GraphSplit.Test)), new Question { Head = "nobody", Relation = "P3", Tail = "E45" },
];

SgmTransformer sgm = ml.Transforms.SgmPretrain(graph, new SgmPretrainEstimator.Options
{
    GraphModule = new SgmOptions { GraphDimension = 16, Layers = 2, Heads = 2, TopK = 3, TrainableRelationSemantics = true },
    Training = new SgmTrainingOptions { NumberOfEpochs = 60, BatchSize = 16, NegativesPerPositive = 8, LearningRate = 1e-2 },
    RelationSemantics = RelationSemanticsSource.FromDefinitions(SentenceModel),
    ValidateOnGraph = true,
    TransformBatchSize = 7,
}).Fit(train);
ml.Model.Save(sgm, train.Schema, "sgm.zip");
Answer("sgm.zip", questions, ["Score", "Probability", "PredictedLabel", "HeadEmbedding", "TailEmbedding"]);

Facts("facts.zip", BaseModelStorage.Embedded, 60);
Facts("referred.zip", BaseModelStorage.Referenced, 30);

string[] written = ["a city in France", "the city where a person has a home", "Łódź", "", "Twenty words or 20?"];
Sentence[] texts = [.. written.Select(text => new Sentence { Text = text })];
IDataView sentences = ml.Data.LoadFromEnumerable(texts);
SentenceEmbeddingEstimator.Options textColumns = new() { OutputColumnName = "Features", InputColumnName = "Text", TransformBatchSize = 2 };
SentenceEmbeddingTransformer embedding = ml.Transforms.Text.EmbedSentences(SentenceModel, textColumns).Fit(sentences);
ml.Model.Save(embedding, sentences.Schema, "sentences.zip");
Answer("sentences.zip", texts, ["Features"]);

void Facts(string archive, BaseModelStorage storage, int epochs)
{
    TripleColumnNames columns = new() { Head = "Subject", Relation = "Predicate", Tail = "Object", Label = "Holds" };
    SgmOutputColumnNames graphOutputs = new()
    {
        Evidence = "Known",
        Score = "GraphScore",
        Probability = "GraphProbability",
        PredictedLabel = "GraphLabel",
    };
    GmtOutputColumnNames outputs = new()
    {
        PredictedLabel = "Verdict",
        Probability = "Certainty",
        Score = "LogOdds",
        Response = "Words",
        Explanation = "Because",
    };
    IDataView labelled = ml.Data.LoadFromEnumerable(Rows(graph.ToLabeledDataView(GraphSplit.Validation)).Select(Named));
    TransformerChain<GmtTransformer> facts = ml.Transforms.SgmPretrain(graph, new SgmPretrainEstimator.Options
    {
        Columns = columns,
        Outputs = graphOutputs,
        GraphModule = new SgmOptions { GraphDimension = 16, Layers = 1, Heads = 2, TopK = 4, Dropout = 0 },
        Training = new SgmTrainingOptions { NumberOfEpochs = 600, BatchSize = 16, NegativesPerPositive = 8, LearningRate = 1e-2 },
        RelationSemantics = RelationSemanticsSource.FromDefinitions(SentenceModel),
        MaskQueryInContexts = false,
    }).Append(ml.Transforms.GmtFinetune(LanguageModel, new GmtFinetuneEstimator.Options
    {
        Columns = columns,
        Outputs = outputs,
        EvidenceColumnName = "Known",
        Memory = new MemoryOptions
        {
            MemoryTokens = 4,
            MemoryHeads = 2,
            MemoryLayers = [1, 3],
            Lora = new LoraOptions { Rank = 4, Alpha = 8 },
        },
        Text = new GmtTextOptions
        {
            Prompt = new TriplePrompt
            {
                Instruction = "Is it so? Yes or No.",
                Input = "{head} ({head_definition}) {relation} {tail}.",
                TrueAnswer = "Yes",
                FalseAnswer = "No",
            },
            Template = PromptTemplate.Named("alpaca_short"),
            AddEndOfSequence = true,
            MaxNewTokens = 3,
        },
        Training = new GmtTrainingOptions
        {
            NumberOfEpochs = epochs,
            BatchSize = 8,
            LearningRate = 3e-3,
            GateLearningRateFactor = 10,
            WarmupSteps = 5,
            TrainCrossAttentionBase = true,
        },
        EmbedBaseModel = storage,
        TransformBatchSize = 10,
        ExplanationEdges = 3,
    })).Fit(labelled);
    ml.Model.Save(facts, labelled.Schema, archive);
    Answer(archive, questions.Select(Named), ["GraphScore", "LogOdds", "Certainty", "Verdict", "Words", "Because"]);
}

// What the saved model answers, as answers/ARCHIVE.json: a column of the input or the output is an entry.
void Answer<T>(string archive, IEnumerable<T> rows, string[] outputs)
    where T : class
{
    ITransformer model = ml.Model.Load(archive, out _);
    IDataView data = ml.Data.LoadFromEnumerable(rows), result = model.Transform(data);
    IEnumerable<string> columns = data.Schema.Select(column => column.Name).Concat(outputs);
    Dictionary<string, object> answers = columns.ToDictionary(name => name, name => Values(result, result.Schema[name]));
    JsonSerializerOptions options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };
    File.WriteAllText($"answers/{archive}.json", JsonSerializer.Serialize(answers, options) + "\n");
}

static object Values(IDataView data, DataViewSchema.Column column) =>
    column.Type is VectorDataViewType ? data.GetColumn<float[]>(column).Select(vector => vector[..4]).ToArray()
    : column.Type is TextDataViewType ? data.GetColumn<string>(column).ToArray()
    : column.Type is BooleanDataViewType ? data.GetColumn<bool>(column).ToArray()
    : data.GetColumn<float>(column).ToArray();

static NamedQuestion Named(Question row) => new() { Subject = row.Head, Predicate = row.Relation, Object = row.Tail, Holds = row.Label };

Question[] Rows(IDataView data) => [.. ml.Data.CreateEnumerable<Question>(data, reuseRowObject: false)];

internal sealed class Question
{
    public string Head { get; set; } = "";

    public string Relation { get; set; } = "";

    public string Tail { get; set; } = "";

    public bool Label { get; set; }
}

internal sealed class NamedQuestion
{
    public string Subject { get; set; } = "";

    public string Predicate { get; set; } = "";

    public string Object { get; set; } = "";

    public bool Holds { get; set; }
}

internal sealed class Sentence
{
    public string Text { get; set; } = "";
}
