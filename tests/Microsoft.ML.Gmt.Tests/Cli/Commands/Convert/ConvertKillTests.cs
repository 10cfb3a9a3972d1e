using System.Diagnostics;
using Microsoft.ML.Gmt.Sgm;
using Microsoft.ML.Gmt.Tests.Estimators;

namespace Microsoft.ML.Gmt.Tests.Cli;

/// <summary><c>gmt convert</c>, killed at random moments. <c>GMT_KILLS=200</c> kills as often.</summary>
[TestClass]
public sealed class ConvertKillTests
{
    [TestMethod]
    public void Killed_at_random_moments_it_leaves_a_whole_file_or_none_and_can_be_repeated()
    {
        using var folder = new TemporaryFolder();
        SgmPretrainEstimator.Options large = Pipelines.Options with
        {
            GraphModule = new SgmOptions { GraphDimension = 512, Layers = 2, Heads = 2, TopK = 3 },
            Training = new SgmTrainingOptions { NumberOfEpochs = 0 },
        };
        using (SgmTransformer model = Pipelines.Fit(large))
        {
            new MLContext().Model.SaveSgmCheckpoint(model, folder["sgm"]);
        }

        string target = Path.Combine(folder["out"], "sgm.safetensors");
        long started = Stopwatch.GetTimestamp();
        GmtRun.Finish(Start()).Succeeded();
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        byte[] expected = File.ReadAllBytes(target);
        new RandomKills(3).Run(Anew, took, Finish, AfterKill);

        Process Start() => GmtRun.Start("convert", Path.Combine(folder["sgm"], "sgm_state.pth"), target);

        Process Anew()
        {
            File.Delete(target);
            return Start();
        }

        void AfterKill()
        {
            if (File.Exists(target))
            {
                CollectionAssert.AreEqual(expected, File.ReadAllBytes(target));
            }

            Finish(Start());
        }

        void Finish(Process process)
        {
            GmtRun.Finish(process).Succeeded();
            CollectionAssert.AreEqual(expected, File.ReadAllBytes(target));
            CollectionAssert.AreEqual(new[] { target }, Directory.GetFileSystemEntries(folder["out"]));
        }
    }
}
