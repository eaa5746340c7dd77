# For ./run and ./check: what both need before their Python begins.
# shellcheck shell=sh

# What is meant for programs of this computer would reach the target's, too.
unset CPATH C_INCLUDE_PATH LIBRARY_PATH COMPILER_PATH GCC_EXEC_PREFIX \
    DEPENDENCIES_OUTPUT SUNPRO_DEPENDENCIES PYTHONHOME PYTHONPATH \
    PYTHONSAFEPATH

# The checkout may be somebody else's; who runs it trusts it.  And it may lie in
# somebody else's, of which git is not to speak.
# shellcheck disable=SC2154 # whoever reads this has set `here`
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory \
    GIT_CONFIG_VALUE_0="$here" GIT_CEILING_DIRECTORIES="${here%/*}"

die() {
    echo "$0: $*" >&2
    exit 1
}

# Python gives up in words of its own.
[ ! -d /dev/stdin ] || die "standard input is a folder"

# The cross tools, whatever they are called here, and a debugger for RISC-V; for
# all that runs from here.  Of commands, the first that is there, or the first.
first_of() {
    for name; do
        ! command -v "$name" >/dev/null || break
        name=$1
    done
    echo "$name"
}
if [ -n "${KERNE_CROSS-}" ]; then
    command -v "${KERNE_CROSS}gcc" >/dev/null ||
        die "there is no command ${KERNE_CROSS}gcc; KERNE_CROSS names its" \
            "beginning, and can be left out"
else
    KERNE_CROSS=$(first_of riscv64-unknown-elf-gcc riscv64-elf-gcc \
        riscv64-none-elf-gcc)
    KERNE_CROSS=${KERNE_CROSS%gcc}
fi
KERNE_GDB=${KERNE_GDB:-$(first_of gdb-multiarch "${KERNE_CROSS}gdb")}
export KERNE_CROSS KERNE_GDB

# What must be there: the packages that have it, of which the first that the
# system knows is installed, and what shows that it is there.
packages="
python3                              command /usr/bin/python3
git                                  command git
gcc                                  command cc
libc6-dev                            file /usr/include/stdio.h
meson                                command meson
ninja-build                          command ninja
gcc-riscv64-unknown-elf              command ${KERNE_CROSS}gcc
picolibc-riscv64-unknown-elf         specs picolibc.specs
qemu-system-riscv|qemu-system-misc   command qemu-system-riscv64
gdb-multiarch                        command $KERNE_GDB
tmux                                 command tmux
python3-pyelftools                   module elftools
python3-pyte                         module pyte
${tested_with-}"

# Says for each that is missing which packages have it.
missing() {
    echo "$packages" | while read -r names kind what; do
        [ -n "$names" ] || continue
        case $kind in
        command) command -v "$what" ;;
        file) [ -e "$what" ] ;;
        specs) [ -e "$("${KERNE_CROSS}gcc" -print-file-name="$what")" ] ;;
        module) /usr/bin/python3 -c "import $what" ;;
        esac >/dev/null 2>&1 || echo "$names"
    done
}

# Of each line, the first package that apt knows; the last, if it knows none.
packages_of() {
    echo "$1" | while IFS='|' read -r name other; do
        [ -z "$other" ] || [ -n "$(apt-cache madison "$name" 2>/dev/null)" ] ||
            name=$other
        printf '%s ' "$name"
    done
}

# Says what is missing, and installs it where that is possible.
install_packages() {
    lacking=$(missing)
    [ -n "$lacking" ] || return 0
    wanted=$(packages_of "$lacking")
    command -v apt-get >/dev/null ||
        die "this system has no apt-get; install what Debian's packages" \
            "${wanted}contain, and name cross tools that are called" \
            "otherwise: KERNE_CROSS=riscv64-elf- $0"
    echo "Missing Debian packages: $wanted" >&2
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null ||
            die "as root, type: apt-get install $wanted"
        as_root=sudo
    fi
    echo "Installing them: ${as_root:+$as_root }apt-get install" >&2
    # shellcheck disable=SC2046 # one word for each package
    output=$({
        $as_root apt-get update -qq &&
            $as_root env DEBIAN_FRONTEND=noninteractive apt-get install \
                -y -qq --no-install-recommends $(packages_of "$lacking")
    } </dev/null 2>&1) || {
        echo "$output" >&2
        die "that failed; as root, type:" \
            "apt-get install $(packages_of "$lacking")"
    }
    lacking=$(missing)
    [ -z "$lacking" ] ||
        die "still missing after that: what is in $(packages_of "$lacking")"
}

install_packages
