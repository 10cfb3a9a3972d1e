namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// The templates of the reference (tongruiliu/GMT, <c>templates/*.json</c>, Apache-2.0), word for word: a model must be asked as it was
/// taught.
/// </summary>
internal static class NamedTemplates
{
    private const string InstructionHead = "### Instruction:\n{instruction}\n\n";
    private const string InputHead = "### Input:\n{input}\n\n";
    private const string ResponseHead = "### Response:";
    private const string Task = "Below is an instruction that describes a task";
    private const string WithContext = Task + ", paired with an input that provides further context. ";
    private const string Complete = "Write a response that appropriately completes the request.\n\n";
    private const string FrenchTask = "Ci-dessous se trouve une instruction qui décrit une tâche";
    private const string FrenchWithContext = FrenchTask + ", associée à une entrée qui fournit un contexte supplémentaire. ";
    private const string FrenchComplete = "Écrivez une réponse qui complète correctement la demande.\n\n";
    private const string FrenchResponseHead = "### Réponse:";

    public static IReadOnlyList<PromptTemplate> All { get; } =
    [
        new()
        {
            Name = "alpaca",
            Description = "The default: Alpaca's texts, a line end before the answer.",
            PromptInput = WithContext + Complete + InstructionHead + InputHead + ResponseHead + "\n",
            PromptNoInput = Task + ". " + Complete + InstructionHead + ResponseHead + "\n",
            ResponseSplit = ResponseHead,
        },
        new()
        {
            Name = "alpaca_short",
            Description = "Headings only.",
            PromptInput = InstructionHead + InputHead + ResponseHead + "\n",
            PromptNoInput = InstructionHead + ResponseHead + "\n",
            ResponseSplit = ResponseHead,
        },
        new()
        {
            Name = "alpaca_legacy",
            Description = "Alpaca's texts, the answer right after the colon.",
            PromptInput = WithContext + Complete + InstructionHead + InputHead + ResponseHead,
            PromptNoInput = Task + ". " + Complete + InstructionHead + ResponseHead,
            ResponseSplit = ResponseHead,
        },
        new()
        {
            Name = "vigogne",
            Description = "French.",
            PromptInput = FrenchWithContext + FrenchComplete + InstructionHead + "### Entrée:\n{input}\n\n" + FrenchResponseHead + "\n",
            PromptNoInput = FrenchTask + ". " + FrenchComplete + InstructionHead + FrenchResponseHead + "\n",
            ResponseSplit = FrenchResponseHead,
        },
    ];
}
