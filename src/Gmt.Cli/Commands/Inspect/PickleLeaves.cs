using Microsoft.ML.Gmt.Weights;

namespace Microsoft.ML.Gmt.Cli.Commands;

/// <summary>The tensors and other values in the object of a PyTorch file, named by the way that leads to them.</summary>
/// <remarks>
/// A container that stands in several places is gone through once: files may hold containers that hold themselves, or grow beyond bounds.
/// </remarks>
internal sealed class PickleLeaves
{
    private const int DeepestNesting = 256;

    private readonly TorchDocument _document;
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);
    private readonly List<StoredTensor> _tensors = [];
    private readonly List<IReadOnlyList<object?>> _others = [];

    /// <summary>Goes through a file's object.</summary>
    /// <exception cref="WeightFileException">Containers are nested too deeply.</exception>
    public PickleLeaves(TorchDocument document)
    {
        _document = document;
        Visit(document.Root, "", 0);
    }

    /// <summary>The tensors, in the file's order.</summary>
    public IReadOnlyList<StoredTensor> Tensors => _tensors;

    /// <summary>Names and values of what is neither tensor nor container.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Others => _others;

    private void Visit(object? value, string name, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new WeightFileException(_document.Path, $"containers are nested deeper than {DeepestNesting}.");
        }

        switch (value)
        {
            case PickledTensor tensor:
                _tensors.Add(_document.Info(name.Length == 0 ? "(the object itself)" : name, tensor));
                break;
            case IReadOnlyDictionary<object, object?> dictionary when _seen.Add(dictionary):
                foreach ((object key, object? item) in dictionary)
                {
                    Visit(item, Join(name, key), depth + 1);
                }

                break;
            case IReadOnlyList<object?> list when _seen.Add(list):
                for (int i = 0; i < list.Count; i++)
                {
                    Visit(list[i], Join(name, i), depth + 1);
                }

                break;
            default:
                _others.Add([name, value switch
                {
                    byte[] bytes => $"{bytes.Length} bytes",
                    IReadOnlyDictionary<object, object?> or IReadOnlyList<object?> => "(listed above)",
                    _ => $"{value ?? "None"}",
                }]);
                break;
        }
    }

    private static string Join(string name, object key) => name.Length == 0 ? $"{key}" : $"{name}/{key}";
}
