using System.Diagnostics;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Gmt.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.Gmt.Training;

/// <summary>
/// The state of a training run in a safetensors file: tensors named <c>part/name</c>, and in the header what the run's numbers
/// depend on, so that it never goes on with other settings or data, and the SHA-256 of each tensor, so that it never goes on from others.
/// </summary>
internal sealed class TrainingCheckpoint
{
    /// <summary>Grows with every change after which a state means something else, or a run would go on to other numbers.</summary>
    private const string Version = "4";

    private const string FormatKey = "format", Format = "gmt-training", VersionKey = "version", SettingPrefix = "setting ";

    private readonly TrainingCheckpointOptions? _options;
    private readonly Lazy<IReadOnlyList<(string Name, string Value)>> _settings;
    private readonly (string Name, ITrainingState State)[] _parts;
    private long _written = Stopwatch.GetTimestamp();

    /// <summary>Describes a training run; touches no file.</summary>
    /// <param name="options">Where and how often; null keeps nothing.</param>
    /// <param name="settings">
    /// What the numbers depend on, in words that a message may use; asked for once, and only where a file is read or written.
    /// </param>
    /// <param name="parts">All that changes from step to step.</param>
    public TrainingCheckpoint(
        TrainingCheckpointOptions? options, Func<IReadOnlyList<(string Name, string Value)>> settings,
        params (string Name, ITrainingState State)[] parts) =>
        (_options, _settings, _parts) = (options, new(settings), parts);

    /// <summary>Restores all parts from the file where that is wanted and there is one.</summary>
    /// <returns>Whether anything was restored.</returns>
    /// <exception cref="GmtFileException">The file is of another training run; the message says what differs.</exception>
    /// <exception cref="WeightFileException">The file is malformed.</exception>
    public bool TryResume()
    {
        if (_options is not { Resume: true } || !File.Exists(_options.Path))
        {
            return false;
        }

        using DisposeScope scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(_options.Path);
        Check(file);
        TensorHashes.Check(file);
        foreach ((string part, ITrainingState state) in _parts)
        {
            string prefix = part + "/";
            try
            {
                IEnumerable<string> own = file.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal));
                state.Restore(own.ToDictionary(name => name[prefix.Length..], file.Get));
            }
            catch (GmtFileException e) when (e.FilePath is null)
            {
                throw new GmtFileException(
                    file.Path, part, $"it does not fit this training run: {e.Message}.", "Begin the training run anew without resume.", e);
            }
        }

        return true;
    }

    /// <summary>Whether the last writing is long enough ago.</summary>
    public bool IsDue => _options is not null && Stopwatch.GetElapsedTime(_written) >= _options.Interval;

    /// <summary>Writes the file.</summary>
    public void Save()
    {
        if (_options is null)
        {
            return;
        }

        using DisposeScope scope = NewDisposeScope();
        Dictionary<string, string> metadata = new() { [FormatKey] = Format, [VersionKey] = Version };
        foreach ((string name, string value) in _settings.Value)
        {
            metadata.Add(SettingPrefix + name, value);
        }

        KeyValuePair<string, Tensor>[] tensors =
        [
            .. _parts.SelectMany(part => part.State.State().Select(pair => KeyValuePair.Create($"{part.Name}/{pair.Key}", pair.Value))),
        ];
        TensorHashes.Add(tensors, metadata);
        SafetensorsWriter.Write(_options.Path, tensors, metadata);
        _written = Stopwatch.GetTimestamp();
    }

    private void Check(SafetensorsFile file)
    {
        if (file.Metadata.GetValueOrDefault(FormatKey) != Format)
        {
            throw new GmtFileException(
                file.Path, null, "this is no training checkpoint.", "Name another file, or begin the training run anew without resume.");
        }

        if (file.Metadata.GetValueOrDefault(VersionKey) != Version)
        {
            throw new GmtFileException(
                file.Path, null, "it was written by another version of this library; begin the training run anew without resume.");
        }

        Dictionary<string, string> now = _settings.Value.ToDictionary(setting => setting.Name, setting => setting.Value);
        Dictionary<string, string> then = file.Metadata.Where(entry => entry.Key.StartsWith(SettingPrefix, StringComparison.Ordinal))
            .ToDictionary(entry => entry.Key[SettingPrefix.Length..], entry => entry.Value);
        string[] differences =
        [
            .. now.Keys.Union(then.Keys).Where(name => now.GetValueOrDefault(name) != then.GetValueOrDefault(name))
                .Select(name => $"{name} was {then.GetValueOrDefault(name, "absent")} and is {now.GetValueOrDefault(name, "absent")}"),
        ];
        if (differences.Length > 0)
        {
            throw new GmtFileException(
                file.Path,
                null,
                $"this is of a training run with other settings or data: {string.Join("; ", differences)}.",
                "Go on with the same ones, or begin anew without resume.");
        }
    }
}
