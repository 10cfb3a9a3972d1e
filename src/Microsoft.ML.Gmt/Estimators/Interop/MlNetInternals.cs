using System.IO.Compression;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Gmt;
using Microsoft.ML.Gmt.Runtime;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;
using TorchSharp;
using static TorchSharp.torch;

// Where this assembly touches what ML.NET keeps internal, and nowhere else: eng/MlNetInternals.txt lists the types, and a test says which
// of them a new version of ML.NET has changed. Loaders are found by these attributes when ML.NET has loaded the assembly that a model file
// names.
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]
[assembly: LoadableClass(
    typeof(ITransformer), typeof(SgmTransformerLoader), null, typeof(SignatureLoadModel), "Semantic Graph Module",
    SgmTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(ITransformer), typeof(GmtTransformerLoader), null, typeof(SignatureLoadModel), "Graph-as-memory language model",
    GmtTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(ITransformer), typeof(PathScoringTransformerLoader), null, typeof(SignatureLoadModel), "Path model",
    PathScoringTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(ITransformer), typeof(KgeTransformerLoader), null, typeof(SignatureLoadModel), "Knowledge graph embedding",
    KgeTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(ITransformer), typeof(SentenceEmbeddingTransformerLoader), null, typeof(SignatureLoadModel), "Sentence embeddings",
    SentenceEmbeddingTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(ITransformer), typeof(AcceptanceTransformerLoader), null, typeof(SignatureLoadModel), "Accepted verdicts",
    AcceptanceTransformer.LoaderSignature)]
[assembly: LoadableClass(
    typeof(ITransformer), typeof(FeaturizeTriplesTransformerLoader), null, typeof(SignatureLoadModel), "Features of triples",
    FeaturizeTriplesTransformer.LoaderSignature)]

namespace Microsoft.ML.Gmt
{
    /// <summary>What ML.NET offers its own components only.</summary>
    internal static class MlNetInternals
    {
        /// <summary>The environment that a catalog of an <see cref="MLContext"/> works in.</summary>
        public static IHostEnvironment Environment(object catalog) => ((IInternalCatalog)catalog).Environment;

        /// <summary>The seed given to the <see cref="MLContext"/>, or null.</summary>
        public static int? Seed(IHostEnvironment environment) => (environment as IHostEnvironmentInternal)?.Seed;

        /// <summary>
        /// Where an <see cref="MLContext"/> computes, as its <c>GpuDeviceId</c> and <c>FallbackToCpu</c> say; on the CPU where they say
        /// nothing.
        /// </summary>
        /// <exception cref="PlatformNotSupportedException">There is no such GPU, and the CPU may not take its place.</exception>
        public static Device Device(IHostEnvironment environment) =>
            environment is IHostEnvironmentInternal own ? ComputeDevice.OfGpu(own.GpuDeviceId, own.FallbackToCpu) : torch.CPU;

        /// <summary>Whether the execution of the context was cancelled, as AutoML does when time is over.</summary>
        public static bool IsCanceled(IHostEnvironment environment) => environment is ICancelable { IsCanceled: true };

        /// <summary>Where an <see cref="MLContext"/> wants temporary files, as its <c>TempFilePath</c> says; absolute.</summary>
        public static string TemporaryFolder(IHostEnvironment environment) =>
            Path.GetFullPath((environment as IHostEnvironmentInternal)?.TempFilePath is { Length: > 0 } own ? own : Path.GetTempPath());

        /// <summary>What an estimator may know of a schema before there are data.</summary>
        public static SchemaShape Shape(DataViewSchema schema) => SchemaShape.Create(schema);

        /// <summary>The rows of several views with the same columns, one view after the other.</summary>
        public static IDataView AppendRows(IHostEnvironment environment, IDataView[] views) =>
            AppendRowsDataView.Create(environment, views[0].Schema, views);

        public static void WriteHeader(ModelSaveContext context, ModelFormat format) => context.SetVersionInfo(Version(format));

        /// <summary>
        /// Writes an entry beside the header. ML.NET keeps it in a temporary file until it goes into the archive, so it may be large.
        /// </summary>
        public static void WriteEntry(ModelSaveContext context, string name, Action<Stream> write)
        {
            if (!context.InRepository)
            {
                throw new NotSupportedException(
                    "This transformer has several files; it can be saved into a model archive only, as ml.Model.Save does.");
            }

            using Repository.Entry entry = context.Repository.CreateEntry(context.Directory, name);
            write(entry.Stream);
        }

        /// <summary>Saves a transformer that another one holds, into a folder of its own below the other's.</summary>
        public static void SaveInner(ModelSaveContext context, ITransformer inner, string name) => context.SaveModel(inner, name);

        /// <summary>Loads a transformer that another one holds.</summary>
        public static ITransformer LoadInner(IHostEnvironment environment, ModelLoadContext context, string name)
        {
            context.LoadModel<ITransformer, SignatureLoadModel>(environment, out ITransformer inner, name);
            return inner;
        }

        /// <summary>The archive that a transformer is being saved into.</summary>
        public static object ArchiveOf(ModelSaveContext context) => context.Repository;

        /// <summary>The folder in it that is the transformer's, with slashes.</summary>
        public static string FolderOf(ModelSaveContext context) => (context.Directory ?? "").Replace('\\', '/');

        /// <summary>One transformer's files in a model archive that is being loaded.</summary>
        /// <exception cref="FormatException">They are of another kind, or of a later version.</exception>
        /// <exception cref="GmtFileException">The archive is damaged.</exception>
        public static ModelEntries OpenEntries(IHostEnvironment environment, ModelLoadContext context, ModelFormat format)
        {
            context.CheckAtModel(Version(format));
            return new ModelEntries(environment, ArchiveOf(context.Repository), context.Directory, context.Header.ModelVerWritten);
        }

        private static VersionInfo Version(ModelFormat format) => new(
            format.Signature,
            verWrittenCur: format.Version,
            verReadableCur: format.ReadableFrom,
            verWeCanReadBack: ModelFormat.First,
            // Without its version, or an application with an older assembly would not load it though the header says that it may.
            loaderAssemblyName: typeof(MlNetInternals).Assembly.GetName().Name,
            loaderSignature: format.LoaderSignature);

        // The archive itself: ML.NET unpacks an entry whole before it gives it, whatever size it has, and compares no checksum.
        [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_archive")]
        private static extern ref ZipArchive ArchiveOf(RepositoryReader repository);
    }

    /// <summary>
    /// A view in which ML.NET sees a transform of another. Its ONNX export walks from view to view and asks each; at a view that is no
    /// transform it would stop and export what comes after, as if the view were the input.
    /// </summary>
    internal abstract class TransformView(IDataView source) : ITransformCanSaveOnnx
    {
        /// <summary>The names of the columns that it adds.</summary>
        protected abstract IEnumerable<string> AddedColumns { get; }

        /// <inheritdoc/>
        public IDataView Source => source;

        /// <inheritdoc/>
        public abstract DataViewSchema Schema { get; }

        /// <inheritdoc/>
        public abstract bool CanShuffle { get; }

        /// <inheritdoc/>
        public abstract long? GetRowCount();

        /// <inheritdoc/>
        public abstract DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null);

        /// <inheritdoc/>
        public abstract DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null);

        /// <summary>ML.NET's own message for false names no column and no remedy.</summary>
        bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => throw NoOnnx();

        void ISaveAsOnnx.SaveAsOnnx(OnnxContext ctx) => throw NoOnnx();

        private NotSupportedException NoOnnx() => new(
            $"The columns {string.Join(", ", AddedColumns.Select(name => $"'{name}'"))} are computed by libtorch, which ONNX cannot "
            + "express. Save the whole model by ml.Model.SaveAtomically and load it by ml.Model.Load; or export only the steps after it: "
            + "transform the rows first, and fit and convert those steps on the result.");

        void ICanSaveModel.Save(ModelSaveContext ctx) =>
            throw new NotSupportedException("A view is not saved; save the transformer that made it, by ml.Model.Save.");
    }

    /// <summary>Loads <see cref="SgmTransformer"/>.</summary>
    internal static class SgmTransformerLoader
    {
        public static ITransformer Create(IHostEnvironment environment, ModelLoadContext context) =>
            SgmTransformer.Load(environment, MlNetInternals.OpenEntries(environment, context, SgmTransformer.Format));
    }

    /// <summary>Loads <see cref="GmtTransformer"/>.</summary>
    internal static class GmtTransformerLoader
    {
        public static ITransformer Create(IHostEnvironment environment, ModelLoadContext context) =>
            GmtTransformer.Load(environment, MlNetInternals.OpenEntries(environment, context, GmtTransformer.Format));
    }

    /// <summary>Loads <see cref="PathScoringTransformer"/>.</summary>
    internal static class PathScoringTransformerLoader
    {
        public static ITransformer Create(IHostEnvironment environment, ModelLoadContext context) =>
            PathScoringTransformer.Load(environment, MlNetInternals.OpenEntries(environment, context, PathScoringTransformer.Format));
    }

    /// <summary>Loads <see cref="KgeTransformer"/>.</summary>
    internal static class KgeTransformerLoader
    {
        public static ITransformer Create(IHostEnvironment environment, ModelLoadContext context) =>
            KgeTransformer.Load(environment, MlNetInternals.OpenEntries(environment, context, KgeTransformer.Format));
    }

    /// <summary>Loads <see cref="SentenceEmbeddingTransformer"/>.</summary>
    internal static class SentenceEmbeddingTransformerLoader
    {
        public static ITransformer Create(IHostEnvironment environment, ModelLoadContext context) =>
            SentenceEmbeddingTransformer.Load(
                environment, MlNetInternals.OpenEntries(environment, context, SentenceEmbeddingTransformer.Format));
    }

    /// <summary>Loads <see cref="AcceptanceTransformer"/>.</summary>
    internal static class AcceptanceTransformerLoader
    {
        public static ITransformer Create(IHostEnvironment environment, ModelLoadContext context) =>
            AcceptanceTransformer.Load(environment, MlNetInternals.OpenEntries(environment, context, AcceptanceTransformer.Format));
    }

    /// <summary>Loads <see cref="FeaturizeTriplesTransformer"/>.</summary>
    internal static class FeaturizeTriplesTransformerLoader
    {
        public static ITransformer Create(IHostEnvironment environment, ModelLoadContext context) => FeaturizeTriplesTransformer.Load(
            environment, MlNetInternals.OpenEntries(environment, context, FeaturizeTriplesTransformer.Format),
            name => MlNetInternals.LoadInner(environment, context, name));
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>The runtime knows this attribute by its name: code of this assembly may call what is internal in another.</summary>
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
    {
        public string AssemblyName { get; } = assemblyName;
    }
}
