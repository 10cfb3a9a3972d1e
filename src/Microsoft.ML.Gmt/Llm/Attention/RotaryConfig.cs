using System.Text.Json;
using Microsoft.ML.Gmt.Runtime;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Rotary positions of <c>config.json</c>: 4.x keeps <c>rope_theta</c> beside <c>rope_scaling</c>, 5.x both in
/// <c>rope_parameters</c>.</summary>
internal static class RotaryConfig
{
    private const double DefaultTheta = 10000;

    public static RotaryOptions Read(JsonPart file)
    {
        JsonPart parameters = file["rope_parameters"];
        JsonPart scaling = parameters.IsNull ? file["rope_scaling"] : parameters;
        double theta = Of(parameters, "rope_theta").NumberOrNull() ?? DefaultTheta;
        JsonPart part = Of(scaling, "partial_rotary_factor");
        if (part.NumberOrNull() is double factor && factor != 1)
        {
            throw part.Unsupported(factor, "supported is 1");
        }

        // "rope_type" since transformers 4.43, "type" before; some files carry both.
        string type = scaling["rope_type"].TextOrNull() ?? scaling["type"].TextOrNull() ?? "default";
        RotaryOptions plain = new() { Theta = theta };
        return type switch
        {
            "default" => plain,
            "linear" => plain with { Scaling = RotaryScaling.Linear, Factor = scaling["factor"].Number() },
            "llama3" => plain with
            {
                Scaling = RotaryScaling.Llama3,
                Factor = scaling["factor"].Number(),
                LowFrequencyFactor = scaling["low_freq_factor"].Number(),
                HighFrequencyFactor = scaling["high_freq_factor"].Number(),
                OriginalMaxPositions = scaling["original_max_position_embeddings"].Integer(),
            },
            _ => throw scaling["rope_type"].Unsupported(type, "supported are default, linear and llama3"),
        };

        // A value that the section lacks stands beside it.
        JsonPart Of(JsonPart section, string name) => section[name] is { IsNull: false } value ? value : file[name];
    }

    public static void WriteScaling(RotaryOptions rotary, Utf8JsonWriter json)
    {
        if (rotary.Scaling == RotaryScaling.None)
        {
            json.WriteNull("rope_scaling");
            return;
        }

        bool llama3 = rotary.Scaling == RotaryScaling.Llama3;
        json.WriteStartObject("rope_scaling");
        json.WriteString("rope_type", llama3 ? "llama3" : "linear");
        json.WriteString("type", llama3 ? "llama3" : "linear");
        json.WriteNumber("factor", rotary.Factor);
        if (llama3)
        {
            json.WriteNumber("low_freq_factor", rotary.LowFrequencyFactor);
            json.WriteNumber("high_freq_factor", rotary.HighFrequencyFactor);
            json.WriteNumber("original_max_position_embeddings", rotary.OriginalMaxPositions);
        }

        json.WriteEndObject();
    }
}
