using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Tests.Runtime;

[TestClass]
public sealed class PythonNumberTests
{
    [TestMethod]
    [DataRow(0.1, "0.1")]
    [DataRow(3e-4, "0.0003")]
    [DataRow(1e-4, "0.0001")]
    [DataRow(1e-5, "1e-05")]
    [DataRow(0.00012345, "0.00012345")]
    [DataRow(2.5e-7, "2.5e-07")]
    [DataRow(1e15, "1000000000000000.0")]
    [DataRow(1e16, "1e+16")]
    [DataRow(123456789012345680.0, "1.2345678901234568e+17")]
    [DataRow(9007199254740992.0, "9007199254740992.0")]
    [DataRow(1.7976931348623157e308, "1.7976931348623157e+308")]
    [DataRow(5e-324, "5e-324")]
    [DataRow(100.0, "100.0")]
    [DataRow(0.0, "0.0")]
    [DataRow(-0.0, "-0.0")]
    [DataRow(-1.5, "-1.5")]
    [DataRow(1.0 / 3, "0.3333333333333333")]
    [DataRow(double.NaN, "nan")]
    [DataRow(double.NegativeInfinity, "-inf")]
    public void Written_as_repr(double value, string expected) => Assert.AreEqual(expected, PythonNumber.Represent(value));

    [TestMethod]
    [DataRow(1.03125, 4, "1.0312")]
    [DataRow(1.03135, 4, "1.0313")]
    [DataRow(0.00005, 4, "0.0001")]
    [DataRow(-1.00005, 4, "-1.0001")]
    [DataRow(1e20, 4, "100000000000000000000.0000")]
    [DataRow(0.25, 1, "0.2")]
    [DataRow(2.5, 0, "2")]
    [DataRow(0.5, 0, "0")]
    [DataRow(2.675, 2, "2.67")]
    [DataRow(double.NaN, 4, "nan")]
    public void Rounded_as_a_format_string(double value, int digits, string expected) =>
        Assert.AreEqual(expected, PythonNumber.Fixed(value, digits));

    [TestMethod]
    public void What_is_written_reads_back() => Check.QuickThrowOnFailure(Prop.ForAll<double>(value =>
        double.IsNaN(value) || (PythonNumber.TryParse(PythonNumber.Represent(value), out double read) && read.Equals(value))));

    [TestMethod]
    [DataRow("12", 12)]
    [DataRow(" 12 ", 12)]
    [DataRow("+1_000", 1000)]
    [DataRow("-3", -3)]
    [DataRow("٣", 3)]
    public void Integers_are_read_as_int_does(string text, int expected)
    {
        Assert.IsTrue(PythonNumber.TryParseInteger(text, out int value));
        Assert.AreEqual(expected, value);
    }

    [TestMethod]
    [DataRow("1.0")]
    [DataRow("1e3")]
    [DataRow("")]
    [DataRow("1__0")]
    [DataRow("_1")]
    [DataRow("99999999999")]
    public void What_is_no_integer_is_refused(string text) => Assert.IsFalse(PythonNumber.TryParseInteger(text, out _));

    [TestMethod]
    [DataRow("3e-4", 3e-4)]
    [DataRow(".5", 0.5)]
    [DataRow("5.", 5.0)]
    [DataRow("1_0.5", 10.5)]
    [DataRow("-Infinity", double.NegativeInfinity)]
    [DataRow("nan", double.NaN)]
    public void Numbers_are_read_as_float_does(string text, double expected)
    {
        Assert.IsTrue(PythonNumber.TryParse(text, out double value));
        Assert.AreEqual(expected, value);
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("1,5")]
    [DataRow("e5")]
    [DataRow("∞")]
    [DataRow("--1")]
    public void What_is_no_number_is_refused(string text) => Assert.IsFalse(PythonNumber.TryParse(text, out _));
}
