using System.CommandLine;
using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>The shape of the memory.</summary>
internal sealed class MemoryFlags
{
    private static readonly MemoryOptions Defaults = new();

    private readonly Option<int> _tokens = Flag.Integer(
        "--num_memory_tokens", "Memory tokens that a triple's evidence is compressed into.", Defaults.MemoryTokens,
        OptionRanges.Of<MemoryOptions>(nameof(MemoryOptions.MemoryTokens)));
    private readonly Option<int> _heads = Flag.Integer(
        "--memory_heads", "Attention heads of the graph-memory tokenizer.", Defaults.MemoryHeads,
        OptionRanges.Of<MemoryOptions>(nameof(MemoryOptions.MemoryHeads)));

    /// <summary>Which decoder layers read the memory.</summary>
    public Option<string> Layers { get; } = Flag.Text(
        "--memory_layers", "Decoder layers that read the memory, between commas; the top 8 where none is named.", form: "LIST");

    /// <summary>Whether they are counted from 1.</summary>
    public Option<bool> LayersFromOne { get; } = Flag.Switch("--memory_layers_1based", "Layers are counted from 1.");

    /// <summary>All options, in the reference's order.</summary>
    public Option[] All => [_tokens, _heads, Layers, LayersFromOne];

    /// <summary>The scripts' option of masking: off unless it is given.</summary>
    public static Option<bool> NewMaskQuery() =>
        Flag.Switch("--mask_query", "Hides the edges that state the queried triple from its evidence.");

    /// <summary>What the scripts hide.</summary>
    public static QueryMask Mask(bool maskQuery) => maskQuery ? QueryMask.Compatible : QueryMask.None;

    /// <summary>Layers from 0; null where none is named, which means the top ones.</summary>
    /// <param name="list">The value of <see cref="Layers"/>.</param>
    /// <param name="fromOne">Whether it counts from 1.</param>
    /// <exception cref="CommandFailure">Something in the list is not a whole number.</exception>
    public IReadOnlyList<int>? ParseLayers(string list, bool fromOne)
    {
        IReadOnlyList<int> layers = IntegerList.Parse(Layers.Name, list);
        return layers.Count == 0 ? null : [.. layers.Select(layer => fromOne ? layer - 1 : layer)];
    }

    /// <summary>The shape asked for, with the layers that are named.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="lora">The low-rank update.</param>
    public MemoryOptions Shape(CommandContext context, LoraOptions lora) =>
        Shape(context, ParseLayers(context.Get(Layers), context.Get(LayersFromOne)), lora);

    /// <summary>The settings of the layers that were chosen; none where they are named on the command line.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="layers">The chosen layers, from 0.</param>
    public IReadOnlyList<KeyValuePair<string, object?>> ChosenLayers(CommandContext context, IEnumerable<int> layers) =>
        context.Get(Layers).Length > 0 ? [] : [new("memory_layers", GmtFolder.FormatLayers(layers)), new("memory_layers_1based", false)];

    /// <summary>The shape asked for.</summary>
    /// <param name="context">The arguments.</param>
    /// <param name="layers">Decoder layers from 0; null for the default.</param>
    /// <param name="lora">The low-rank update.</param>
    public MemoryOptions Shape(CommandContext context, IReadOnlyList<int>? layers, LoraOptions lora) =>
        new() { MemoryTokens = context.Get(_tokens), MemoryHeads = context.Get(_heads), MemoryLayers = layers, Lora = lora };
}
