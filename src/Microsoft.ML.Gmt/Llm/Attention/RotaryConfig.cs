using System.Text.Json;

namespace Microsoft.ML.Gmt.Llm;

/// <summary>Rotary positions of <c>config.json</c>: 4.x keeps <c>rope_theta</c> beside <c>rope_scaling</c>, 5.x both in <c>rope_parameters</c>.</summary>
internal static class RotaryConfig
{
    private const double DefaultTheta = 10000;

    public static RotaryOptions Read(ConfigSection file)
    {
        ConfigSection? parameters = file.Section("rope_parameters");
        ConfigSection? scaling = parameters ?? file.Section("rope_scaling");
        double theta = parameters?.Number("rope_theta") ?? file.Number("rope_theta") ?? DefaultTheta;
        if ((scaling?.Number("partial_rotary_factor") ?? file.Number("partial_rotary_factor") ?? 1) is double part && part != 1)
        {
            throw file.Unsupported("partial_rotary_factor", part, "supported is 1");
        }

        // "rope_type" since transformers 4.43, "type" before; some files carry both.
        string type = scaling?.Text("rope_type") ?? scaling?.Text("type") ?? "default";
        RotaryOptions plain = new() { Theta = theta };
        return type switch
        {
            "default" => plain,
            "linear" => plain with { Scaling = RotaryScaling.Linear, Factor = scaling!.RequiredNumber("factor") },
            "llama3" => plain with
            {
                Scaling = RotaryScaling.Llama3,
                Factor = scaling!.RequiredNumber("factor"),
                LowFrequencyFactor = scaling.RequiredNumber("low_freq_factor"),
                HighFrequencyFactor = scaling.RequiredNumber("high_freq_factor"),
                OriginalMaxPositions = scaling.RequiredInteger("original_max_position_embeddings"),
            },
            _ => throw scaling!.Unsupported("rope_type", type, "supported are default, linear and llama3"),
        };
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
