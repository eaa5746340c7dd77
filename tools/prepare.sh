# For ./run and ./check: installs what is missing, and builds.
# shellcheck shell=bash

# The caller has set `here`, the repository's root.
build=$(realpath -m "${KERNE_BUILD:-$here/build}")
log=$build/build.log

die() {
    echo "$0: $*" >&2
    exit 1
}

# The cross tools, whatever they are called here, and a debugger for RISC-V; for
# all that runs from here.
first_of() {
    local name
    for name; do
        command -v "$name" >/dev/null && break
        name=$1
    done
    echo "$name"
}
if [ -n "${KERNE_CROSS-}" ]; then
    command -v "${KERNE_CROSS}gcc" >/dev/null ||
        die "there is no command ${KERNE_CROSS}gcc; KERNE_CROSS names its" \
            "beginning, and can be left out"
else
    KERNE_CROSS=$(first_of riscv64-{unknown-,,none-}elf-gcc)
    KERNE_CROSS=${KERNE_CROSS%gcc}
fi
KERNE_GDB=${KERNE_GDB:-$(first_of gdb-multiarch "${KERNE_CROSS}gdb")}
export KERNE_CROSS KERNE_GDB

# What must be there: the packages that have it, of which the first that the
# system knows is installed, and what shows that it is there.
packages=(
    "python3                       command /usr/bin/python3"
    "git                           command git"
    "gcc                           command cc"
    "libc6-dev                     file /usr/include/stdio.h"
    "meson                         command meson"
    "ninja-build                   command ninja"
    "gcc-riscv64-unknown-elf       command ${KERNE_CROSS}gcc"
    "picolibc-riscv64-unknown-elf  specs picolibc.specs"
    "qemu-system-riscv|qemu-system-misc command qemu-system-riscv64"
    "gdb-multiarch                 command $KERNE_GDB"
    "python3-pyelftools            module elftools"
    "python3-pyte                  module pyte"
)

# Says for each that is missing which packages have it.
missing() {
    local entry names kind what
    for entry in "${packages[@]}"; do
        read -r names kind what <<<"$entry"
        case $kind in
        command) command -v "$what" ;;
        file) [ -e "$what" ] ;;
        specs) [[ $("${KERNE_CROSS}gcc" -print-file-name="$what") == /* ]] ;;
        module) /usr/bin/python3 -c "import $what" ;;
        esac >/dev/null 2>&1 || echo "$names"
    done
}

# Of each line, the first package that apt knows; the last, if it knows none.
packages_of() {
    local names name
    while IFS='|' read -ra names; do
        for name in "${names[@]}"; do
            [ -z "$(apt-cache madison "$name" 2>/dev/null)" ] || break
        done
        echo "$name"
    done | tr '\n' ' '
}

# Says what is missing, and installs it where that is possible.
install_packages() {
    local lacking wanted output as_root=()
    lacking=$(missing)
    [ -n "$lacking" ] || return 0
    command -v apt-get >/dev/null ||
        die "this system has no apt-get; install what Debian's packages" \
            "$(packages_of <<<"$lacking")contain, and name cross tools that" \
            "are called otherwise: KERNE_CROSS=riscv64-elf- $0"
    echo "Missing Debian packages: $(packages_of <<<"$lacking")" >&2
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            die "as root, type: apt-get install $(packages_of <<<"$lacking")"
        as_root=(sudo)
    fi
    echo "Installing them: ${as_root[*]:+${as_root[*]} }apt-get install" >&2
    # shellcheck disable=SC2086 # one word for each package
    if ! output=$({
        "${as_root[@]}" apt-get update -qq &&
            wanted=$(packages_of <<<"$lacking") &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get install -y -qq --no-install-recommends $wanted
    } </dev/null 2>&1); then
        echo "$output" >&2
        die "that failed; as root, type:" \
            "apt-get install $(packages_of <<<"$lacking")"
    fi
    lacking=$(missing)
    [ -z "$lacking" ] || die "still missing after that:" \
        "what is in $(packages_of <<<"$lacking")"
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

# What was tried is in the README; said once, when all is configured.
tried="Debian 12, 13 and testing, Ubuntu 24.04"
warn_of_system() {
    local system
    system=$(. /etc/os-release && echo "${ID-} ${VERSION_ID-}") 2>/dev/null
    case $system in
    "debian 12" | "debian 13" | "debian " | "ubuntu 24.04") ;;
    *) echo "Kerne was tried on $tried; this is another system:" \
        "${system:-unknown}." >&2 ;;
    esac
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
        warn_of_system
        printf "[constants]\nprefix = '%s'\n" "$KERNE_CROSS" >"$build/cross.ini"
        quietly meson setup "$build" "$here" \
            --cross-file "$here/arch/riscv/cross.ini" \
            --cross-file "$build/cross.ini" "${settings[@]}" ||
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
