@echo off
rem The verbs of build.sh for Windows. UNTESTED: written without a Windows machine at hand.
setlocal
cd /d "%~dp0"
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
set TESTINGPLATFORM_TELEMETRY_OPTOUT=1

set verb=%~1
if "%verb%"=="" set verb=help
for /f "tokens=1,* delims= " %%a in ("%*") do set arguments=%%b
if "%verb%"=="help" goto help

dotnet --version >nul 2>nul
if errorlevel 1 (
  echo build.cmd: the .NET 10 SDK is missing. Get it from https://dotnet.microsoft.com/download/dotnet/10.0 or: winget install Microsoft.DotNet.SDK.10 1>&2
  exit /b 1
)

rem The committed lock files are those of Linux; here packages resolve by version.
dotnet restore --verbosity quiet || exit /b 1
where cmake >nul 2>nul
if errorlevel 1 echo No CMake: managed code runs in place of the native kernels. For these install CMake and the C++ build tools of Visual Studio.
if "%verb%"=="build" goto build
if "%verb%"=="test" goto test
if "%verb%"=="pack" goto pack
if "%verb%"=="test-hosts" goto hosts
if "%verb%"=="notebooks" goto notebooks
if "%verb%"=="docs" goto docs
if "%verb%"=="demo" (
  dotnet run --no-restore --configuration Release --project examples\demo -- %arguments%
  exit /b
)
if "%verb%"=="bench" (
  dotnet run --no-restore --configuration Release --project tests\Benchmarks -- %arguments%
  exit /b
)
echo build.cmd: there is no verb '%verb%' 1>&2
goto help

:build
dotnet build --no-restore --configuration Release --verbosity quiet || exit /b 1
if not exist src\Gmt.Cli\bin\Release\net10.0\gmt.dll exit /b 0
if not exist artifacts mkdir artifacts
> artifacts\gmt.cmd echo @dotnet "%~dp0src\Gmt.Cli\bin\Release\net10.0\gmt.dll" %%*
exit /b

:test
dotnet build --no-restore --configuration Release --verbosity quiet || exit /b 1
where cmake >nul 2>nul
if errorlevel 1 (
  echo native tests left out: no CMake
) else (
  pushd src\Gmt.Native
  cmake --preset release-tests >nul && cmake --build --preset release-tests && ctest --preset release-tests -C Release --no-tests=error
  if errorlevel 1 exit /b 1
  popd
)
dotnet tests\Microsoft.ML.Gmt.Tests\bin\Release\net10.0\Microsoft.ML.Gmt.Tests.dll --results-directory artifacts\test-results --report-trx %arguments%
exit /b

:pack
dotnet pack src\Microsoft.ML.Gmt --configuration Release --verbosity quiet --output artifacts\packages || exit /b 1
dotnet pack src\Gmt.Plots --configuration Release --verbosity quiet --output artifacts\packages || exit /b 1
dotnet pack src\Gmt.Extensions --configuration Release --verbosity quiet --output artifacts\packages || exit /b 1
dotnet pack src\Gmt.Notebooks --configuration Release --verbosity quiet --output artifacts\packages || exit /b 1
if exist src\Gmt.Cli dotnet pack src\Gmt.Cli --configuration Release --verbosity quiet --output artifacts\packages
exit /b

:hosts
where bash >nul 2>nul
if errorlevel 1 (
  echo build.cmd: test-hosts needs bash, which Git for Windows brings. 1>&2
  exit /b 1
)
call build.cmd pack || exit /b 1
if not exist artifacts\test-results mkdir artifacts\test-results
bash tests/hosts/run.sh . artifacts/test-results/hosts.counts
exit /b

:notebooks
where bash >nul 2>nul
if errorlevel 1 (
  echo build.cmd: notebooks needs bash, which Git for Windows brings. 1>&2
  exit /b 1
)
dotnet build --no-restore --configuration Release --verbosity quiet || exit /b 1
call build.cmd pack || exit /b 1
if not exist artifacts\test-results mkdir artifacts\test-results
bash tests/notebooks/run.sh . artifacts/test-results/notebooks.counts %arguments%
exit /b

:docs
where bash >nul 2>nul
if errorlevel 1 (
  echo build.cmd: docs needs bash, which Git for Windows brings. 1>&2
  exit /b 1
)
bash eng/site/build.sh
exit /b

:help
echo Usage: build.cmd VERB [arguments]
echo.
echo   demo        train both stages on CoDEx-S, judge its test triples, save the model and ask it questions
echo   test        build everything and run all tests; arguments go to the test program
echo   test-hosts  build the applications of tests\hosts from the packed package, with an empty package cache, and run them
echo   notebooks   execute the lessons of examples\notebooks, as programs and as notebooks, with the projects that they write
echo   build       build everything; leaves the command line tool at artifacts\gmt.cmd
echo   bench       run the benchmarks; arguments go to them
echo   pack        make the NuGet packages in artifacts\packages
echo   docs        make the documentation site in artifacts\site, and follow its links
echo   help        print this
if "%verb%"=="help" exit /b 0
exit /b 1
