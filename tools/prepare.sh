# For ./run and ./check: installs what is missing, and builds.
# shellcheck shell=bash

# The caller has set `here`, the repository's root.
build=$(realpath -m "${KERNE_BUILD:-$here/build}")
log=$build/build.log

die() {
    echo "$0: $*" >&2
    exit 1
}

# What must be there: the package, and a file or command that shows it.
packages=(
    "python3                       command /usr/bin/python3"
    "git                           command git"
    "gcc                           command cc"
    "libc6-dev                     file /usr/include/stdio.h"
    "meson                         command meson"
    "ninja-build                   command ninja"
    "gcc-riscv64-unknown-elf       command riscv64-unknown-elf-gcc"
    "picolibc-riscv64-unknown-elf  file /usr/lib/picolibc/riscv64-unknown-elf"
    "qemu-system-misc              command qemu-system-riscv64"
    "gdb-multiarch                 command gdb-multiarch"
    "python3-pyelftools            file /usr/lib/python3/dist-packages/elftools"
    "python3-pyte                  file /usr/lib/python3/dist-packages/pyte"
)

missing_packages() {
    local entry name kind what
    for entry in "${packages[@]}"; do
        read -r name kind what <<<"$entry"
        case $kind in
        command) command -v "$what" >/dev/null || echo "$name" ;;
        file) [ -e "$what" ] || echo "$name" ;;
        esac
    done
}

# Says what is missing, and installs it where that is possible.
install_packages() {
    local missing output as_root=()
    missing=$(missing_packages | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    echo "Missing Debian packages: $missing" >&2
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null && as_root=(sudo)
        if ! command -v apt-get >/dev/null || [ ${#as_root[@]} = 0 ]; then
            die "as root, type: apt-get install $missing"
        fi
    elif ! command -v apt-get >/dev/null; then
        die "this is not Debian; install what these packages contain"
    fi
    echo "Installing them: ${as_root[*]:+${as_root[*]} }apt-get install" >&2
    # shellcheck disable=SC2086 # one word for each package
    if ! output=$({
        "${as_root[@]}" apt-get update -qq &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -qq --no-install-recommends $missing
    } </dev/null 2>&1); then
        echo "$output" >&2
        die "that failed; as root, type: apt-get install $missing"
    fi
    missing=$(missing_packages | tr '\n' ' ')
    [ -z "$missing" ] || die "still missing after that: $missing"
}

# Runs a command quietly; what went wrong is shown when it fails.
quietly() {
    "$@" >"$log" 2>&1 && return
    if grep -q -E '^(FAILED|.*ERROR)' "$log"; then
        sed -n -E '/^(FAILED|.*ERROR)/,$p' "$log" |
            grep -v -E '^(\[[0-9]+/|ninja: )' >&2
    else
        cat "$log" >&2
    fi
    echo "$0: failed: $*" >&2
    return 1
}

# build_targets [-Doption=value ...] [target ...]: without targets, everything.
# Only one at a time uses a build directory.
build_targets() {
    local settings=() seconds=$SECONDS status=0
    while [[ ${1-} == -D* ]]; do
        settings+=("$1")
        shift
    done
    mkdir -p "$build" || die "cannot make the build directory"
    exec 9>"$build/.lock"
    flock 9
    if [ ! -e "$build/build.ninja" ]; then
        echo "Configuring and building; the first time takes a minute ..." >&2
        quietly meson setup "$build" "$here" \
            --cross-file "$here/arch/riscv/cross.ini" "${settings[@]}" ||
            exit 1
    elif [ ${#settings[@]} != 0 ]; then
        quietly meson configure "$build" "${settings[@]}" || exit 1
    fi
    if quietly ninja -k 0 -C "$build" "$@"; then
        grep -E 'warning:' "$log" >&2
    else
        status=1
    fi
    [ $((SECONDS - seconds)) -lt 5 ] ||
        echo "Built in $((SECONDS - seconds)) s." >&2
    flock -u 9
    exec 9>&-
    return $status
}
