using Microsoft.ML.Gmt.Compatibility;
using Microsoft.ML.Gmt.Memory;
using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt.Tests.Fuzzing;

/// <summary>Files of texts: templates, instructions, definitions.</summary>
internal static class TextTargets
{
    /// <summary>A prompt template; what is taken has to render.</summary>
    public static void Template(byte[] input)
    {
        PromptTemplate template = PromptTemplate.Read(FuzzFile.Write("template.json", input));
        template.Render("do", "this", "so");
        template.Render("do");
    }

    /// <summary>Instructions; of each row all that inference asks.</summary>
    public static void Instructions(byte[] input)
    {
        foreach (InstructionExample example in InstructionFile.Read(
            FuzzFile.Write("rows.json", input), outputRequired: false, keepJson: true))
        {
            InstructionRow.Candidates(example.Json!.Value);
            InstructionRow.Golds(example.Json.Value);
            InstructionRow.DetectTask(example.Json.Value);
        }
    }

    /// <summary>Definitions as lines.</summary>
    public static void Definitions(byte[] input) => DefinitionFile.Read(FuzzFile.Write("definitions.tsv", input));

    /// <summary>Definitions as JSON.</summary>
    public static void DefinitionsJson(byte[] input) => DefinitionFile.Read(FuzzFile.Write("definitions.json", input));
}
