using Microsoft.ML.Gmt.Graph;

namespace Microsoft.ML.Gmt.Tests.Graph;

[TestClass]
public sealed class TripleQueryTests
{
    [TestMethod]
    public void A_true_triple_hides_itself()
    {
        TripleQuery query = new Triple(1, 0, 2);
        Assert.AreEqual(query.Triple, query.Hidden);
    }
}
