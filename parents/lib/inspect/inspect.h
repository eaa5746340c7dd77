/*
 * What a parent shows of its children: by parent_say(), a line for each row.
 *
 * What returns bool says by false that it was refused; why stands in the
 * parent's `refusal`.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <skeleton.h>
#include <words.h>

/* The tree of all processes below the parent: what each is doing, what or whom
 * it waits for, its storage, claims and time.  `is_short`: without times, the
 * parent, and what it needs itself. */
void inspect_list(struct parent *parent, bool is_short);

/* The files in the image, and the least storage that each program wants. */
void inspect_files(struct parent *parent);

/* What the parent has received, uses, has given and has left. */
bool inspect_own_claims(struct parent *parent);

/* The same of a child. */
bool inspect_claims(struct parent *parent, const struct child *child);

/* The registers of a child, as they were when it last stood still. */
void inspect_registers(struct parent *parent, const struct child *child);

/* `count` bytes of a child's storage, as the child sees it; at most 1,024.
 * `first` null: where its pc points. */
#define INSPECT_USUAL_BYTES 64
bool inspect_storage(struct parent *parent, const struct child *child,
                     const uint64_t *first, uint64_t count);

/* All that for one line: takes `list [short]`, `claims NAME`, `registers NAME`
 * or `print NAME [FIRST [COUNT]]` from an operator's words, and says what is
 * asked for, or why not.  False: it is another command; nothing is taken. */
bool inspect_command(struct parent *parent, struct words *words);
