using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class RankVariablesTests
{
    [TestMethod]
    [DataRow("", 0, 1, 0, "127.0.0.1", 29500)]
    [DataRow("LOCAL_RANK=1", 0, 1, 1, "127.0.0.1", 29500)]
    [DataRow("WORLD_SIZE=4 RANK=3 LOCAL_RANK=1 MASTER_ADDR=node7 MASTER_PORT=1234", 3, 4, 1, "node7", 1234)]
    [DataRow("WORLD_SIZE=4 RANK=3 MASTER_PORT=1234 TORCHELASTIC_USE_AGENT_STORE=True", 3, 4, 0, "127.0.0.1", 1235)]
    [DataRow("WORLD_SIZE=1", 0, 1, 0, "127.0.0.1", 29500)]
    [DataRow("WORLD_SIZE=2 RANK=1 SLURM_STEP_ID=0 SLURM_PROCID=0 SLURM_NTASKS=8 OMPI_COMM_WORLD_SIZE=9", 1, 2, 0, "127.0.0.1", 29500)]
    [DataRow(
        "SLURM_STEP_ID=0 SLURM_PROCID=5 SLURM_NTASKS=8 SLURM_LOCALID=1 SLURM_JOB_ID=987654 SLURM_STEP_NODELIST=gpu[07-09,12],login",
        5, 8, 1, "gpu07", 22654)]
    [DataRow("SLURM_STEP_ID=0 SLURM_PROCID=0 SLURM_STEP_NUM_TASKS=2 SLURM_NTASKS=8 SLURM_JOB_NODELIST=a,b MASTER_PORT=9", 0, 2, 0, "a", 9)]
    [DataRow("SLURM_PROCID=0 SLURM_NTASKS=8 SLURM_JOB_ID=1", 0, 1, 0, "127.0.0.1", 29500)] // the shell of a batch script
    [DataRow("OMPI_COMM_WORLD_SIZE=3 OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_LOCAL_RANK=2", 2, 3, 2, "127.0.0.1", 29500)]
    [DataRow("OMPI_COMM_WORLD_SIZE=3 OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_LOCAL_SIZE=1 MASTER_ADDR=h", 2, 3, 0, "h", 29500)]
    public void Launchers_are_understood(string variables, int rank, int size, int localRank, string host, int port)
    {
        RankOptions options = Read(variables);
        Assert.AreEqual((rank, size, localRank, host, port), (options.Rank, options.Size, options.LocalRank, options.Host, options.Port));
        Assert.AreEqual(TimeSpan.FromMinutes(10), options.Timeout);
    }

    [TestMethod]
    [DataRow("WORLD_SIZE=two", "WORLD_SIZE is 'two'; a whole number is expected")]
    [DataRow("WORLD_SIZE=2", "RANK is not set")]
    [DataRow("WORLD_SIZE=2 RANK=2", "rank 2 of 2")]
    [DataRow("WORLD_SIZE=0 RANK=0", "rank 0 of 0")]
    [DataRow("WORLD_SIZE=2 RANK=0 MASTER_PORT=70000", "The port of rank 0 is 70000")]
    [DataRow("WORLD_SIZE=2 RANK=0 GMT_RANK_TIMEOUT=0", "GMT_RANK_TIMEOUT is 0")]
    [DataRow("WORLD_SIZE=2 RANK=0 GMT_COLLECTIVE=mpi", "GMT_COLLECTIVE is 'mpi'; managed, gloo, nccl or auto is expected")]
    [DataRow("OMPI_COMM_WORLD_SIZE=3 OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_LOCAL_SIZE=1", "MASTER_ADDR is not set")]
    [DataRow("SLURM_STEP_ID=0 SLURM_PROCID=0 SLURM_NTASKS=2 SLURM_STEP_NODELIST=a[1", "set MASTER_ADDR")]
    public void What_does_not_make_sense_is_named(string variables, string message) =>
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Read(variables)).Message, message);

    [TestMethod]
    public void Time_out_and_interface_are_the_users()
    {
        RankOptions options = Read("WORLD_SIZE=2 RANK=1 GMT_RANK_TIMEOUT=30 GMT_INTERFACE=eth0");
        Assert.AreEqual((TimeSpan.FromSeconds(30), "eth0"), (options.Timeout, options.Interface));
        Assert.AreEqual(TimeSpan.FromSeconds(3), options.HeartbeatInterval);
    }

    [TestMethod]
    public void The_engine_and_its_store_are_the_users()
    {
        Assert.AreEqual(CollectiveEngine.Managed, Read("WORLD_SIZE=2 RANK=1 GMT_COLLECTIVE=managed").Engine);
        Assert.AreEqual(CollectiveEngine.Managed, Read("WORLD_SIZE=2 RANK=1").Engine);
        Assert.AreEqual(CollectiveEngine.Auto, Read("WORLD_SIZE=2 RANK=1 GMT_COLLECTIVE=auto").Engine);
        RankOptions options = Read("WORLD_SIZE=2 RANK=1 GMT_COLLECTIVE=gloo GMT_COLLECTIVE_STORE=/shared");
        Assert.AreEqual((CollectiveEngine.Gloo, "/shared"), (options.Engine, options.StoreFolder));
    }

    [TestMethod]
    [DataRow("gpu[07-09,12],login", "gpu07")]
    [DataRow("a,b[1-2]", "a")]
    [DataRow("host", "host")]
    [DataRow("rack1-n[3,5]-ib", "rack1-n3-ib")]
    public void The_first_of_Slurms_nodes_is_found(string nodes, string first) => Assert.AreEqual(first, RankVariables.FirstNode(nodes));

    private static RankOptions Read(string variables)
    {
        Dictionary<string, string> set = variables.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return RankVariables.Read(set.GetValueOrDefault);
    }
}
