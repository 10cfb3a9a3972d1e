using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Runtime;

/// <summary>Where tensors lie and are computed.</summary>
public static class ComputeDevice
{
    private const string Cpu = "cpu", Gpu = "cuda";

    /// <summary>Finds a device by its name in PyTorch.</summary>
    /// <param name="name"><c>cpu</c>, <c>cuda</c>, which is the first GPU, or <c>cuda:N</c>.</param>
    /// <param name="fallBackToCpu">Whether the CPU takes the place of a GPU that is not there.</param>
    /// <exception cref="ArgumentException"><paramref name="name"/> is none of these.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no such GPU, or libtorch without CUDA is loaded.</exception>
    public static Device Find(string name, bool fallBackToCpu = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        string[] parts = name.Split(':');
        int index = 0;
        if (parts is not ([Cpu] or [Gpu] or [Gpu, _]) || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out index)))
        {
            throw new ArgumentException($"'{name}' is no device; there are {Cpu}, {Gpu} and {Gpu}:N.", nameof(name));
        }

        TorchRuntime.EnsureLoaded();
        return parts[0] == Cpu ? CPU : FindGpu(index, fallBackToCpu);
    }

    /// <summary>The CPU, or a GPU by its number.</summary>
    /// <param name="gpu">The GPU, from 0; null for the CPU.</param>
    /// <param name="fallBackToCpu">Whether the CPU takes the place of a GPU that is not there.</param>
    /// <exception cref="PlatformNotSupportedException">There is no such GPU, or libtorch without CUDA is loaded.</exception>
    internal static Device OfGpu(int? gpu, bool fallBackToCpu)
    {
        TorchRuntime.EnsureLoaded();
        return gpu is { } index ? FindGpu(index, fallBackToCpu) : CPU;
    }

    /// <summary>Moves a module's parameters; they then belong to the module whatever scope this is called in.</summary>
    internal static void MoveTo(this nn.Module module, Device device)
    {
        if (module.parameters().All(parameter => parameter.device_type == device.type && (device.type == DeviceType.CPU || parameter.device_index == device.index)))
        {
            return;
        }

        module.to(device);
        foreach (Parameter parameter in module.parameters())
        {
            parameter.DetachFromDisposeScope();
        }
    }

    private static Device FindGpu(int index, bool fallBackToCpu)
    {
        int count = cuda.is_available() ? cuda.device_count() : 0;
        return index >= 0 && index < count ? new Device(DeviceType.CUDA, index)
            : fallBackToCpu ? CPU
            : throw new PlatformNotSupportedException(
                $"There is no GPU {Gpu}:{index}: libtorch sees {count}. Reference the package TorchSharp-cuda-linux in place of libtorch-cpu, check the driver, or compute on the CPU.");
    }
}
