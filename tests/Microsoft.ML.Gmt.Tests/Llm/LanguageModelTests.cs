using Microsoft.ML.Gmt.Llm;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Llm;

[TestClass]
public sealed class LanguageModelTests
{
    [TestMethod]
    public void A_folder_gives_a_model_and_its_tokenizer()
    {
        using LanguageModel language = LanguageModel.Load(GmtPipelines.BaseModel);
        Assert.AreEqual(GmtPipelines.BaseModel, language.Folder);
        Assert.AreEqual(language.Model.Config.VocabularySize, language.Tokenizer.VocabularySize);
    }

    [TestMethod]
    public void A_tokenizer_with_ids_beyond_the_models_vocabulary_is_refused()
    {
        using var folder = new TemporaryFolder();
        string mismatched = MismatchedModel.Write(folder["model"]);
        string message = Assert.ThrowsExactly<GmtFileException>(() => LanguageModel.Load(mismatched)).Message;
        StringAssert.Contains(message, MismatchedModel.Message);
        StringAssert.Contains(message, mismatched);
    }
}
