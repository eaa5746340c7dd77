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

/* The devices that the parent has, and who has them from it. */
void inspect_devices(struct parent *parent);

/* What the parent has received, uses, has given and has left. */
void inspect_own_claims(struct parent *parent);

/* The same of a child. */
void inspect_claims(struct parent *parent, const struct child *child);

/* The registers of a child, as they were when it last stood still. */
void inspect_registers(struct parent *parent, const struct child *child);

/* Some of a child's storage, as the child sees it: takes `[FIRST [COUNT]]` from
 * an operator's words, as far as they begin with a digit; at most 1,024 bytes,
 * usually 64, and where its pc points. */
bool inspect_storage(struct parent *parent, const struct child *child,
                     struct words *words);

/* All that for one line: takes `list [short]`, `devices`, `claims NAME`,
 * `registers NAME` or `print NAME [FIRST [COUNT]]` from an operator's words,
 * and says what is asked for, or why not.  False: it is another command;
 * nothing is taken. */
bool inspect_command(struct parent *parent, struct words *words);
