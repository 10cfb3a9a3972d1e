using TorchSharp;

// The application's own use of TorchSharp comes first, before anything of Gmt.MLNet.
using (torch.Tensor own = torch.ones(2, 2))
{
    Console.WriteLine($"sum {own.sum().item<float>()}");
}

if (args is ["train", var graph, var baseModel, var target])
{
    Training.Run(graph, baseModel, target);
    args = [target];
}

Console.WriteLine(Asking.Ask(args[0]));
