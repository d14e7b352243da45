# shellcheck shell=bash
# shellcheck disable=SC2154  # the package lists are those of packages.sh
# The stages of `./dev test`, cheap failures first, and the one summary at the end.
# Sourced by ./dev.

passed=0
failed=0
failures=()

do_test() {
  local all=no filter=
  [[ ${1:-} == --all ]] && all=yes && shift
  (($# == 0)) || filter=$1
  install_packages "${build_packages[@]}" "${test_packages[@]}"
  tools/npm_ci.sh tests
  tools/npm_ci.sh web
  tools/npm_ci.sh sdk/js

  stage dev build.ninja -L lint
  # Unit tests run under the sanitizers at once: a plain build of them would find nothing more.
  stage asan all -L unit
  stage asan all -L integration
  stage tsan 'carillon threaded_tests' -L threads
  stage tsan 'carillon carillon_sdk refuse_io_uring library_probe access_probe socket_io_probe' -L integration -L reactors3
  stage release 'carillon carillon_sdk' -L e2e
  stage release 'carillon carillon_manual libcarillon' -L package
  stage shared libcarillon -L shared
  stage bench 'bench_hot_paths bench_load bench_floor' -L guard
  stage fuzz carillon_fuzz_targets -L fuzz
  if [[ $all == yes && -z $filter ]]; then
    tools/fuzz.sh build/fuzz all 300 || fail "fuzzing" "./dev fuzz"
  fi
  summary
}

# stage PRESET NINJA-TARGETS CTEST-ARGUMENT...: nothing is built for a stage without a chosen test.
stage() {
  local preset=$1 targets=$2 selection=("${@:3}")
  [[ $all == yes ]] || selection+=(-LE long)
  [[ -z $filter ]] || selection+=(-R "$filter")
  if ! configure "$preset"; then
    fail "$preset: configure" "./dev build $preset"
    return 0
  fi
  local count
  count=$(ctest --test-dir "build/$preset" -N "${selection[@]}" | sed -n 's/^Total Tests: //p')
  ((count > 0)) || return 0
  printf '\n== %s: %s (%d tests, minute %d)\n' "$preset" "${*:3}" "$count" $((SECONDS / 60))
  # The targets are a word list on purpose.
  # shellcheck disable=SC2086
  if ! ninja -C "build/$preset" $targets; then
    fail "$preset: build" "./dev build $preset"
    return 0
  fi
  run_ctest "$preset" "${selection[@]}"
}

run_ctest() {
  local preset=$1 log=build/$1/ctest.log line name at_once
  shift
  # Integration tests wait for clocks and for each other's programs more than they compute.
  at_once=$(nproc)
  [[ " $* " != *" -L integration "* ]] || at_once=$((2 * at_once))
  ctest --test-dir "build/$preset" --output-on-failure -j "$at_once" "$@" 2>&1 | tee "$log" || true
  while read -r line; do
    name=$(sed -E 's/.*Test +#[0-9]+: ([^ ]+) .*/\1/' <<<"$line")
    if [[ $line =~ \ Passed\ +[0-9.]+\ sec ]]; then
      passed=$((passed + 1))
    else
      fail "$preset: $name" "ctest --test-dir build/$preset --output-on-failure -R '^$name\$'"
    fi
  done < <(grep -E '^ *[0-9]+/[0-9]+ Test +#[0-9]+: ' "$log")
}

# fail WHAT COMMAND: the command runs it again.
fail() {
  failed=$((failed + 1))
  failures+=("$1"$'\n'"    $2")
}

summary() {
  if ((failed > 0)); then
    printf '\nFailed, and how to run each again:\n'
    printf '  %s\n' "${failures[@]}"
  fi
  ((passed + failed > 0)) || echo "no test has such a name"
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0 && passed > 0))
}
