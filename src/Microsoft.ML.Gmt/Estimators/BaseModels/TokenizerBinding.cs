using Microsoft.ML.Gmt.Text;

namespace Microsoft.ML.Gmt;

/// <summary>The tokenizer of a transformer that was made with one of the user's own, which no archive can hold.</summary>
/// <param name="identity">Which one it was; null where the base model's folder has the tokenizer.</param>
/// <param name="bound">The tokenizer, where it is there already.</param>
internal sealed class TokenizerBinding(TokenizerIdentity? identity, TextTokenizer? bound = null)
{
    private TextTokenizer? _bound = identity is null ? null : bound;

    /// <summary>Whether it has to be given before the model can be used.</summary>
    public bool IsMissing => identity is not null && Volatile.Read(ref _bound) is null;

    /// <summary>The tokenizer to use; null for that of the base model's folder.</summary>
    /// <exception cref="InvalidOperationException">It was not given yet.</exception>
    public TextTokenizer? Get() => !IsMissing ? _bound : throw new InvalidOperationException(
        $"This transformer was made with a tokenizer of its own, a {identity!.Type}, which the archive cannot hold. Make the same one, "
        + $"wrap it by {nameof(TextTokenizer)}.{nameof(TextTokenizer.From)} and give it with ml.Model.BindTokenizer(model, tokenizer) "
        + "before the first use.");

    /// <summary>What keeps a tokenizer from being the one; null where it is.</summary>
    public string? DifferenceTo(TokenizerIdentity other) =>
        identity is null ? "the transformer uses the tokenizer of its base model's folder" : identity.DifferenceTo(other);

    /// <summary>Gives the tokenizer, which must be the one.</summary>
    public void Bind(TextTokenizer tokenizer) => Volatile.Write(ref _bound, tokenizer);
}
