using System.Text;
using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Tests.Weights;

/// <summary>Pickles by hand, for what no file among the goldens has.</summary>
[TestClass]
public sealed class UnpicklerTests
{
    private const string OrderedDict = "ccollections\nOrderedDict\n";

    [TestMethod]
    [DataRow("](](X\u0001\0\0\0aK\u0001e](X\u0001\0\0\0bK\u0002ee", DisplayName = "lists of two")]
    [DataRow("](X\u0001\0\0\0aK\u0001\u0086X\u0001\0\0\0bK\u0002\u0086e", DisplayName = "tuples of two")]
    public void An_ordered_dictionary_that_Python_2_made_of_pairs_is_read(string pairs)
    {
        var dictionary = (OrderedDictionary<object, object?>)Read(pairs)!;
        CollectionAssert.AreEqual(new object[] { "a", "b" }, dictionary.Keys.ToArray());
        CollectionAssert.AreEqual(new object?[] { 1L, 2L }, dictionary.Values.ToArray());
    }

    [TestMethod]
    [DataRow("](K\u0001e", "not a pair")]
    [DataRow("](](K\u0001K\u0002K\u0003ee", "not a pair")]
    [DataRow("](](NK\u0001ee", "neither text nor a number")]
    public void One_that_is_made_of_something_else_is_refused(string pairs, string problem) =>
        StringAssert.Contains(Assert.ThrowsExactly<WeightFileException>(() => Read(pairs)).Message, problem);

    [TestMethod]
    public void A_frame_that_is_longer_than_the_file_is_refused_and_one_that_fits_is_read()
    {
        byte[] fits = [0x80, 4, 0x95, 3, 0, 0, 0, 0, 0, 0, 0, (byte)'K', 7, (byte)'.'];
        Assert.AreEqual(7L, Unpickler.Read(fits, "hand-made.pth", 0, [], out _));
        foreach (int index in (int[])[3, 6, 10])
        {
            byte[] cut = [.. fits];
            cut[index]++;
            WeightFileException error = Assert.ThrowsExactly<WeightFileException>(() => Unpickler.Read(cut, "hand-made.pth", 0, [], out _));
            StringAssert.Contains(error.Message, "a frame of");
            StringAssert.Contains(error.Message, "but 3 are left");
        }
    }

    private static object? Read(string argument)
    {
        byte[] pickle = Encoding.Latin1.GetBytes($"\u0080\u0002{OrderedDict}{argument}\u0085R.");
        object? value = Unpickler.Read(pickle, "hand-made.pth", 0, [], out int length);
        Assert.AreEqual(pickle.Length, length);
        return value;
    }
}
