using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Gmt.Graph;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Training;

namespace Microsoft.ML.Gmt.Memory;

/// <summary>All that the numbers of a run of stage 2 depend on: options, graph, rows, base model, frozen weights, device.</summary>
internal static class GmtTrainingIdentity
{
    public static IReadOnlyList<(string Name, string Value)> Of(
        GmtModel model, GmtTrainingOptions training, IReadOnlyList<TokenizedRow> rows, IReadOnlyList<TokenizedRow> validation) =>
    [
        .. ResumeFingerprint.Of(training), .. ResumeFingerprint.Of(model.Options),
        .. ResumeFingerprint.Of(model.Encoder.GraphModule.Options, "graph module"),
        .. ResumeFingerprint.Of(model.BaseModel.Config, "base model"),
        .. GraphIdentity.Of(model.Graph),
        .. Features(model.Features),
        ("training rows", Describe(rows)),
        ("validation rows", Describe(validation)),
        ("base model weights", WeightHash.Of(model.BaseModel.named_parameters())),
        ("frozen weights", WeightHash.Of(model.NamedParameters().Where(pair => !pair.Parameter.requires_grad))),
        ("device", TrainingState.DeviceOf(model.BaseModel.HeadWeight)),
    ];

    /// <summary>How features become memory; nothing of a model that reads none, whose runs are told apart as before.</summary>
    private static IReadOnlyList<(string Name, string Value)> Features(FeatureMemory? features) =>
        features is null ? []
        : [.. ResumeFingerprint.Of(features.Shape.Options, "features"), ("features", Describe(features.Shape.Scaling))];

    private static string Describe(FeatureScaling scaling)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes<float>([.. scaling.Means, .. scaling.Deviations]));
        hash.AppendData(MemoryMarshal.AsBytes<int>([.. scaling.WithMissing]));
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\0', scaling.Names)));
        return $"{scaling.Width} features ({ShortHash.Text(hash.GetHashAndReset())})";
    }

    /// <summary>Their number and the first digits of a hash of all that they say.</summary>
    private static string Describe(IReadOnlyList<TokenizedRow> rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TokenizedRow row in rows)
        {
            (Triple triple, Triple hidden) = row.Query;
            int[] all =
            [
                row.Ids.Count, row.ContextLength, triple.Head, triple.Relation, triple.Tail, hidden.Head, hidden.Relation, hidden.Tail,
                .. row.Ids,
            ];
            hash.AppendData(MemoryMarshal.AsBytes(all.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes<float>(row.Features));
        }

        return $"{rows.Count} rows ({ShortHash.Text(hash.GetHashAndReset())})";
    }
}
