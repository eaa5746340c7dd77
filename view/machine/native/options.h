/* The words of the command line: QEMU's, as far as this machine has what they
 * ask for, and some of its own. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct options {
    uint64_t storage_bytes;
    const char *kernel, *image, *arguments;
    const char *disk; /* a file, or null */
    uint32_t disk_block;
    bool disk_is_read_only, disk_is_direct;
    bool at_once; /* while it waits the clock jumps, and nobody types */
    uint64_t until;
    const char *events, *layout; /* files, or null */
    const char *record, *replay;
    bool says_figures, says_hash;
};

/* Ends the command, with a sentence, if the words make no sense. */
struct options options_read(int count, char **words);

/* Says why, and ends the command with status 1. */
_Noreturn void give_up(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
