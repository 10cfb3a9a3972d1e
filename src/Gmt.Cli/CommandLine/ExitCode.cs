namespace Microsoft.ML.Gmt.Cli.CommandLine;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>It was tried and failed, or was interrupted.</summary>
    public const int Failure = 1;

    /// <summary>It was not tried: the command line makes no sense.</summary>
    public const int Usage = 2;
}
