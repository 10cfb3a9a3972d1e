using System.Reflection;

namespace Microsoft.ML.Gmt.Tests.Estimators;

/// <summary>Cancels the execution of a context as AutoML does; others have no public way.</summary>
internal static class ContextCancellation
{
    public static void Cancel(this MLContext ml) =>
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(ml, null);
}
