using System.Runtime.CompilerServices;
using Microsoft.ML.Gmt.Probe;
using Microsoft.ML.Gmt.Runtime;
using TorchSharp;

// A program of its own for tests of what happens once in a process: it does what its argument names and prints what it saw.
try
{
    switch (args)
    {
        case ["transform", string model, string data]: // the library is loaded by its name in the model, or not at all
            SavedModel.Transform(model, data);
            return 0;
        case ["transform-without-json-reflection", string model, string data]: // as in trimmed applications and file-based ones
            AppContext.SetSwitch("System.Text.Json.JsonSerializer.IsReflectionEnabledByDefault", false);
            SavedModel.Transform(model, data);
            return 0;
        case ["sum"]: // TorchSharp right after the library, without asking for it
            UseLibrary();
            Print(Sum());
            return 0;
        case ["no-tensor"]: // what does not need libtorch must not load it
            UseLibrary();
            Print(IsMapped("libtorch_cpu"));
            return 0;
        case ["mapped", string library]: // whether loading libtorch brought this library into the process
            EnsureLoaded();
            Print(IsMapped(library));
            return 0;
        case ["ensure"]:
            EnsureLoaded();
            Print(Sum());
            return 0;
        case ["native"]:
            Print(HasKernels());
            return 0;
        case ["instructions"]: // of native kernels
            Print(Instructions());
            return 0;
        case ["scalars"]: // numbers in operators while garbage is collected all the time
            EnsureLoaded();
            Print(ScalarStress.Run(TimeSpan.FromSeconds(2)));
            return 0;
        case ["unknown-operator"]: // libtorch writes to standard error
            CallUnknownOperator();
            return 0;
        default:
            Console.Error.WriteLine("Usage: Probe transform[-without-json-reflection] MODEL DATA | sum | no-tensor | mapped LIBRARY "
                + "| ensure | native | instructions | scalars | unknown-operator");
            return 2;
    }
}
catch (Exception e) when (e is PlatformNotSupportedException or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

// Methods that mention the library or TorchSharp load them when they are compiled, so they stay apart.
[MethodImpl(MethodImplOptions.NoInlining)]
static void UseLibrary() => _ = new RandomStreams(1).Seed("probe");

[MethodImpl(MethodImplOptions.NoInlining)]
static void EnsureLoaded() => TorchRuntime.EnsureLoaded();

[MethodImpl(MethodImplOptions.NoInlining)]
static bool HasKernels() => NativeKernels.IsAvailable;

[MethodImpl(MethodImplOptions.NoInlining)]
static string Instructions() => NativeInstructions.Best.ToString();

[MethodImpl(MethodImplOptions.NoInlining)]
static void CallUnknownOperator() => AtenDispatcher.Call("aten::no_such_operator", "out").Dispose();

[MethodImpl(MethodImplOptions.NoInlining)]
static float Sum()
{
    using var ones = torch.ones(3);
    using var sum = ones.sum();
    return sum.item<float>();
}

static bool IsMapped(string library) => File.ReadAllText("/proc/self/maps").Contains(library, StringComparison.Ordinal);

static void Print(IConvertible value) => Console.WriteLine(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
