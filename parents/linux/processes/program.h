/*
 * Programs: ELF files, laid out in a space; and what they find on their stack.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <files/node.h>
#include <memory/space.h>

struct program {
    uint64_t entry; /* where it begins: the interpreter, if there is one */
    uint64_t own_entry, headers, header_count;
    uint64_t interpreter; /* where that lies; 0: there is none */
    char interpreter_path[256];
};

/* Is the file one that can be run?  0, and its interpreter's path, or an
 * error. */
long program_check(struct node *file, struct program *ret_program);

/* Lays out one that was checked in an empty space, and its interpreter (null:
 * none). */
long program_lay(struct space *space, struct node *file,
                 struct node *interpreter, struct program *program);

/* The texts of a program's arguments and environment, one behind the other. */
struct texts {
    uint64_t frame[32];
    uint64_t bytes;
    uint64_t arguments, environment; /* how many */
    uint64_t argument_bytes;         /* of `bytes` */
};
#define TEXTS_BYTES (32 * (uint64_t)KERNE_PAGE)

/* Adds a text, with its end.  0, -LINUX_E2BIG, or -LINUX_ENOMEM. */
long texts_add(struct texts *texts, const char *text, uint64_t bytes);
void texts_end(struct texts *texts);

/* Puts them on the stack of a space, with all that belongs there; where the
 * stack then begins, or 0: no frame is left. */
uint64_t program_stack(struct space *space, const struct program *program,
                       const struct texts *texts, const char *path);
