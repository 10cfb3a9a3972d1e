using System.Runtime.CompilerServices;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;

// A program of its own for tests of what happens once in a process: it does what its argument names and prints what it saw.
try
{
    switch (args)
    {
        case ["sum"]: // TorchSharp right after the library, without asking for it
            _ = new RandomStreams(1).Seed("probe");
            Print(Sum());
            return 0;
        case ["no-tensor"]: // what does not need libtorch must not load it
            _ = new RandomStreams(1).Seed("probe");
            Print(File.ReadAllText("/proc/self/maps").Contains("libtorch_cpu", StringComparison.Ordinal));
            return 0;
        case ["ensure"]:
            TorchRuntime.EnsureLoaded();
            Print(Sum());
            return 0;
        case ["native"]:
            Print(NativeKernels.IsAvailable);
            return 0;
        case ["unknown-operator"]: // libtorch writes to standard error
            CallUnknownOperator();
            return 0;
        default:
            Console.Error.WriteLine("Usage: Probe sum | no-tensor | ensure | native | unknown-operator");
            return 2;
    }
}
catch (Exception e) when (e is PlatformNotSupportedException or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

// Methods that mention TorchSharp load it when they are compiled, so they stay apart.
[MethodImpl(MethodImplOptions.NoInlining)]
static void CallUnknownOperator() => AtenDispatcher.Call("aten::no_such_operator", "out").Dispose();

[MethodImpl(MethodImplOptions.NoInlining)]
static float Sum()
{
    using var ones = torch.ones(3);
    using var sum = ones.sum();
    return sum.item<float>();
}

static void Print(IConvertible value) => Console.WriteLine(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
