using Microsoft.ML.Data;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Llm;
using Microsoft.ML.Gmt.Tests.Text;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>A model that was made with a tokenizer of the user's is saved without it, and gets it back.</summary>
[TestClass]
public sealed class TokenizerBindingTests
{
    private static readonly MLContext Ml = new(seed: 1);

    private static IDataView Test => Pipelines.Graph.ToLabeledDataView(GraphSplit.Test);

    private static GmtFinetuneEstimator.Options Own => GmtPipelines.Quick with
    {
        Tokenizer = TokenizerKinds.WrapBytePairs(),
    };

    [TestMethod]
    public void A_loaded_model_answers_alike_once_it_has_its_tokenizer_and_not_before()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var folder = new TemporaryFolder();
        float[] expected;
        using (TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(Own))
        {
            expected = Scores(chain);
            Ml.Model.Save(chain, null, folder["first.zip"]);
        }

        using (var unbound = (TransformerChain<ITransformer>)Ml.Model.Load(folder["first.zip"], out _))
        {
            Ml.Model.Save(unbound, null, folder["second.zip"]);
            Ml.Model.BindBaseModel(unbound, GmtPipelines.BaseModel);
            string message = Assert.ThrowsExactly<InvalidOperationException>(() => Scores(unbound)).Message;
            StringAssert.Contains(message, "Microsoft.ML.Tokenizers.BpeTokenizer");
            StringAssert.Contains(message, "ml.Model.BindTokenizer(model, tokenizer)");

            Refused(unbound, TokenizerKinds.WrapBytePairs("t h", "h e"), "makes other tokens");
            Refused(unbound, TokenizerKinds.WrapLlama(), "it is a Microsoft.ML.Tokenizers.LlamaTokenizer, and not a");
            Assert.ThrowsExactly<InvalidOperationException>(() => Scores(unbound));

            Ml.Model.BindTokenizer(unbound, TokenizerKinds.WrapBytePairs());
            CollectionAssert.AreEqual(expected, Scores(unbound));
        }

        using var again = (TransformerChain<ITransformer>)Ml.Model.Load(folder["second.zip"], out _);
        Ml.Model.BindTokenizer(again, TokenizerKinds.WrapBytePairs());
        CollectionAssert.AreEqual(expected, Scores(again));
    }

    [TestMethod]
    public void Models_without_a_tokenizer_of_their_own_take_none()
    {
        TextTokenizer tokenizer = TokenizerKinds.WrapBytePairs();
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(Own with { Tokenizer = null });
        Refused(chain, tokenizer, "tokenizer of its base model's folder");
        Refused(chain.First(), tokenizer, "holds no GmtTransformer");
    }

    [TestMethod]
    public void A_checkpoint_of_the_scripts_takes_the_tokenizer_by_its_options()
    {
        using IDisposable oneThread = TinyLlama.OneThread();
        using var folder = new TemporaryFolder();
        using TransformerChain<GmtTransformer> chain = GmtPipelines.Fit(Own);
        Ml.Model.SaveGmtCheckpoint(chain.LastTransformer, folder.Path);

        // Prompt and template come from the folder, for the options don't say another.
        GmtScoringOptions options = Own with { Text = new GmtTextOptions { MaxNewTokens = 3 } };
        using GmtTransformer loaded = Ml.Model.LoadGmtCheckpoint(folder.Path, GmtPipelines.BaseModel, Pipelines.Graph, options);
        CollectionAssert.AreEqual(Scores(chain), Scores(loaded));
    }

    [TestMethod]
    public void A_tokenizer_with_more_tokens_than_the_model_is_refused()
    {
        using SgmTransformer stage1 = Pipelines.Fit();
        TextTokenizer tokenizer = TextTokenizer.From(TokenizerKinds.WrapBytePairs(), vocabularySize: 5000);
        GmtFinetuneEstimator estimator = Ml.Transforms.GmtFinetune(GmtPipelines.BaseModel, Own with { Tokenizer = tokenizer });
        string message = Assert.ThrowsExactly<GmtFileException>(() => estimator.Fit(stage1.Transform(GmtPipelines.Data))).Message;
        StringAssert.Contains(message, "the tokenizer has ids up to 4999, the model's vocabulary ends at 4095");
    }

    private static void Refused(ITransformer model, TextTokenizer tokenizer, string message) => StringAssert.Contains(
        Assert.ThrowsExactly<ArgumentException>(() => Ml.Model.BindTokenizer(model, tokenizer)).Message, message);

    private static float[] Scores(ITransformer model) => [.. model.Transform(Test).GetColumn<float>("Score")];
}
