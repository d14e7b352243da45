# shellcheck shell=bash
# shellcheck disable=SC2034  # ./dev uses the lists
# Which Debian packages each job needs, and how what is missing gets installed.
# Sourced by ./dev.

build_packages=(
  g++ cmake ninja-build ccache pkg-config ca-certificates
  libssl-dev zlib1g-dev nlohmann-json3-dev libfmt-dev libspdlog-dev libcli11-dev libtomlplusplus-dev
  liburing-dev libnghttp2-dev libvalijson-dev
)
unit_packages=(libgtest-dev libgmock-dev)
lint_packages=(clang-19 clang-tidy-19 clang-format-19 shellcheck)
fuzz_packages=(clang-19 libclang-rt-19-dev)
package_packages=(dpkg-dev file)
guard_packages=(valgrind liburing-dev)
bench_packages=("${guard_packages[@]}" nginx libnginx-mod-nchan coturn nghttp2-client nghttp2-server
                openssl util-linux)
test_packages=(
  "${unit_packages[@]}" "${lint_packages[@]}" "${fuzz_packages[@]}" "${package_packages[@]}"
  "${guard_packages[@]}" chromium nginx haproxy coturn curl nghttp2-client openssl sslscan
  debootstrap iproute2 slowhttptest zsh fish python3-socketio python3-requests python3-websocket
)

# install_packages NAME...: leaves at once when all are there, so it may run before every job.
install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian: see that the equivalents of these are here: $*" >&2
    return
  fi
  local wanted=("$@") missing
  # Debian's Node conflicts with NodeSource's, so it comes only where there is none.
  command -v node >/dev/null || wanted+=(nodejs)
  command -v npm >/dev/null || wanted+=(npm)
  mapfile -t missing < <(comm -23 \
    <(printf '%s\n' "${wanted[@]}" | sort -u) \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null |
      sed -n 's/^installed //p' | sort -u))
  ((${#missing[@]} == 0)) && return
  if ((EUID != 0)) && ! sudo -n true 2>/dev/null; then
    echo "Missing packages. Install them as root, then run this again:" >&2
    echo "  apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  echo "installing ${missing[*]}" >&2
  apt_install "${missing[@]}"
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

apt_install() {
  # A source that does not answer must not stop the others; the install tells what is really missing.
  as_root apt-get update -qq || echo "apt-get update failed; trying with the lists that are here" >&2
  local guard=/usr/sbin/policy-rc.d guarded=no
  if [[ ! -e $guard ]]; then
    # The tests start nginx and coturn themselves: as services they would take their ports.
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$guard" >/dev/null
    as_root chmod 755 "$guard"
    guarded=yes
  fi
  local status=0
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "$@" >&2 || status=$?
  if [[ $guarded == yes ]]; then as_root rm -f "$guard"; fi
  local service
  for service in nginx coturn; do
    if [[ " $* " == *" $service "* ]] && command -v systemctl >/dev/null; then
      as_root systemctl disable --quiet "$service" 2>/dev/null || true
    fi
  done
  return "$status"
}
