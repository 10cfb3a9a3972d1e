#!/usr/bin/env bash
# Makes the documentation site in artifacts/site, of docs/ and of the API of the packages: ./build.sh docs, which restores first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
stage=artifacts/site-source
rm -rf "$stage" artifacts/site
mkdir -p artifacts

# docfx sees a copy of docs/, in which links to source files lead to pages that show them: the repository has no address to link to.
cp -r docs "$stage"
cp -r eng/site/docfx.json eng/site/template "$stage"
grep -rhoE --include='*.md' '\]\((\.\./)+(src|tests|examples)/[^)#]+\)' docs | sed -E 's#^\]\((\.\./)+##; s#\)$##' | sort -u |
  while read -r file; do
    page=$stage/source/$file.md
    mkdir -p "$(dirname "$page")"
    printf '# %s\n\n`%s`\n\n````%s\n%s\n````\n' "$(basename "$file")" "$file" "${file##*.}" "$(cat "$file")" > "$page"
  done
find "$stage" -path "$stage/source" -prune -o -name '*.md' -print0 |
  xargs -0 sed -i.before -E 's#\]\(((\.\./)*)\.\./((src|tests|examples)/[^)#]+)\)#](\1source/\3.md)#g'

# With what they refer to beside them, without which docfx cannot say the types of members.
for project in src/Gmt.Notebooks src/Gmt.Extensions; do
  dotnet build "$project" --no-restore --configuration Release --verbosity quiet \
    -p:CopyLocalLockFileAssemblies=true --output "$stage/assemblies"
done

# docfx takes remarks for Markdown anyway, and the first paragraph in a format element for HTML.
sed -i.before 's#<format type="text/markdown"><!\[CDATA\[#<![CDATA[#; s#\]\]></format>#]]>#' "$stage"/assemblies/Microsoft.ML.Gmt*.xml

dotnet tool restore --verbosity quiet
dotnet docfx "$stage/docfx.json" --warningsAsErrors --logLevel warning
dotnet run eng/site/check.cs -- artifacts/site
echo "artifacts/site/index.html is ready"
