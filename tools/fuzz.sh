#!/usr/bin/env bash
# Runs fuzz targets for a while each. Usage: tools/fuzz.sh BUILD-FOLDER (TARGET|all) SECONDS
# What a search finds beyond the seeds is kept in the build folder; a crash input is left there
# too and belongs into fuzz/corpus/TARGET/ once its bug is mended.
set -euo pipefail

build=$1 chosen=$2 seconds=$3
failed=()
for program in "$build"/*_fuzz; do
  target=$(basename "$program")
  target=${target%_fuzz}
  [[ $chosen == all || $chosen == "$target" || $chosen == "${target}_fuzz" ]] || continue
  found=$build/found/$target
  mkdir -p "$found" "fuzz/corpus/$target"
  echo "fuzzing $target for $seconds s"
  "$program" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=0 \
    -artifact_prefix="$build/crash-$target-" "$found" "fuzz/corpus/$target" 2>"$build/$target.log" ||
    { failed+=("$target") && tail -n 40 "$build/$target.log"; }
  ran=yes
done
[[ ${ran:-no} == yes ]] || { echo "no fuzz target '$chosen'" >&2 && exit 2; }
if ((${#failed[@]} > 0)); then
  echo "crashed: ${failed[*]} (inputs: $build/crash-TARGET-*)"
  exit 1
fi
echo "no crash found"
