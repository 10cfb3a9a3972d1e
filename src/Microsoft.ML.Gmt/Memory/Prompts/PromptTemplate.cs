using System.Text.Json.Serialization;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>
/// The text that surrounds an instruction and its input, after which the model writes its answer. Immutable; equal where all texts are
/// equal; as JSON it is what template files hold.
/// </summary>
/// <remarks>Texts may hold <c>{instruction}</c> and <c>{input}</c>; <c>{{</c> and <c>}}</c> stand for braces.</remarks>
public sealed record PromptTemplate
{
    private const string Instruction = "instruction", Input = "input";

    /// <summary>The names of the templates that come with the library; the first is the default.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. NamedTemplates.All.Select(template => template.Name)];

    /// <summary>The default: the long texts of Alpaca, a line end before the answer.</summary>
    public static PromptTemplate Alpaca => NamedTemplates.All[0];

    /// <summary>What the template is called.</summary>
    [JsonPropertyName("name")]
    public string Name { get; init => field = value ?? throw new ArgumentNullException(nameof(Name)); } = "";

    /// <summary>What it is for.</summary>
    [JsonPropertyName("description")]
    public string Description { get; init => field = value ?? throw new ArgumentNullException(nameof(Description)); } = "";

    /// <summary>The prompt of an instruction with an input.</summary>
    [JsonPropertyName("prompt_input")]
    public required string PromptInput { get; init => field = TextPattern.Checked(value, [Instruction, Input], nameof(PromptInput)); }

    /// <summary>The prompt of an instruction without an input.</summary>
    [JsonPropertyName("prompt_no_input")]
    public required string PromptNoInput { get; init => field = TextPattern.Checked(value, [Instruction], nameof(PromptNoInput)); }

    /// <summary>The text in the prompt after which the answer follows.</summary>
    [JsonPropertyName("response_split")]
    public required string ResponseSplit
    {
        get;
        init => field = !string.IsNullOrEmpty(value) ? value
            : throw new ArgumentException("The text that announces the answer is empty.", nameof(ResponseSplit));
    }

    /// <summary>The template of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>; null or empty is the default.</param>
    /// <exception cref="ArgumentException">There is no such template.</exception>
    public static PromptTemplate Named(string? name) =>
        string.IsNullOrEmpty(name) ? Alpaca : NamedTemplates.All.FirstOrDefault(template => template.Name == name)
        ?? throw new ArgumentException(
            $"There is no prompt template '{name}'; there are {string.Join(", ", Names)}. Read one from a file with {nameof(Read)}.",
            nameof(name));

    /// <summary>
    /// Reads a template file: a JSON object with <c>prompt_input</c>, <c>prompt_no_input</c>, <c>response_split</c> and maybe a
    /// <c>description</c>.
    /// </summary>
    /// <param name="path">The file; its name without the ending becomes the template's.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="GmtFileException">The file does not hold a template.</exception>
    /// <example>
    /// <code>
    /// GmtTextOptions text = new() { Template = PromptTemplate.Read("templates/questions.json") };
    /// </code>
    /// </example>
    public static PromptTemplate Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        JsonPart file = JsonPart.Read(path);
        string promptInput = file["prompt_input"].Required().Text();
        string promptNoInput = file["prompt_no_input"].Required().Text();
        string responseSplit = file["response_split"].Required().Text();
        try
        {
            return new PromptTemplate
            {
                Name = Path.GetFileNameWithoutExtension(path),
                Description = file["description"].TextOrNull() ?? "",
                PromptInput = promptInput,
                PromptNoInput = promptNoInput,
                ResponseSplit = responseSplit,
            };
        }
        catch (ArgumentException error)
        {
            throw file.Fault(error.Message, error);
        }
    }

    /// <summary>The prompt, with the answer appended where there is one.</summary>
    /// <param name="instruction">What to do.</param>
    /// <param name="input">What to do it with; null or empty takes the template without input.</param>
    /// <param name="label">The answer, which follows directly; null or empty for none.</param>
    public string Render(string instruction, string? input = null, string? label = null)
    {
        ArgumentNullException.ThrowIfNull(instruction);
        string pattern = string.IsNullOrEmpty(input) ? PromptNoInput : PromptInput;
        return TextPattern.Render(pattern, name => name == Input ? input! : instruction) + label;
    }

    /// <summary>
    /// The answer in a text that repeats the prompt: what stands after the first <see cref="ResponseSplit"/> and before a second one,
    /// trimmed.
    /// </summary>
    /// <param name="text">Prompt and answer.</param>
    /// <exception cref="FormatException">The text does not hold <see cref="ResponseSplit"/>.</exception>
    public string Response(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split(ResponseSplit) is [_, string answer, ..]
            ? PythonText.Strip(answer).ToString()
            : throw new FormatException($"The text does not hold '{ResponseSplit}', which announces the answer in the template '{Name}'.");
    }
}
