/*
 * The skeleton of every operating system: a parent that runs programs of its
 * image as its children.  What one does otherwise than others is in its hooks,
 * and in the names that it presents:
 *
 *     static struct parent mine;
 *
 *     int main(int argc, char **argv)
 *     {
 *         parent_begin(&mine);
 *         parent_present(&mine, "console", mine.console.address);
 *         parent_run_all(&mine, argc, argv);
 *         return parent_serve(&mine);
 *     }
 *
 * The parts are in seven rooms:
 *
 *     have/     what a parent has: storage, accounts, image, devices
 *     make/     how it makes children, and why it cannot
 *     serve/    what it does with their messages, breaks and ends
 *     pager/    how they have more storage than it has
 *     talk/     its console, and the words of its operator
 *     catalog/  what it asks of a store, and how it loads programs from there
 *     inspect/  what it shows of its children
 *
 *   P1  it waits for nothing that a child can withhold
 *   P2  every message is answered, and every break
 *   P3  what has ended is reported; and removed, unless a hook says otherwise
 *
 * Its storage is its children's: it does not use malloc.
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <archive.h>
#include <children.h>
#include <console.h>
#include <devices.h>
#include <messages.h>
#include <program.h>
#include <run.h>
#include <storage.h>

#define PARENT_REFUSAL_BYTES 400

struct parent {
    const struct kerne_start *start;
    char name[KERNE_NAME_BYTES]; /* its own */
    uint64_t mask;               /* its own functions */
    uint64_t clock;              /* KERNE_VACANT: it sees none */
    struct devices devices;
    struct storage storage;
    struct children children;
    struct console console;
    int status; /* of its finis: 1 when a child has ended badly */
    char refusal[PARENT_REFUSAL_BYTES]; /* why what failed last was refused */
    enum child_refusal refused;         /* the same, for who adds a remedy */
    char ending[PARENT_ENDING_BYTES];   /* of the last child: "gave up: ..." */

    /* Before parent_begin(): message buffers that it never gives away; 0: as
     * many as PARENT_BUFFERS. */
    uint64_t buffers_kept;
    uint64_t withheld; /* functions that its children do not get */
    bool is_hasty; /* it does not wait until what it says is printed, and has
                    * room for it (console.text); of others the console has */

    /* What it does itself; null: nothing.
     * Each event comes here first.  True: it is dealt with, and a message is
     * answered, or will be. */
    bool (*event)(struct parent *parent, const struct kerne_received *received);
    /* A child has finished, given up or broken, as its state says, and is
     * stopped.  True: it is dealt with.  False: it is reported and removed. */
    bool (*ended)(struct parent *parent, struct child *child);
    /* Its operator has typed a line, which stands in console.input.  Without
     * this hook it asks for none. */
    void (*line)(struct parent *parent, uint64_t bytes);
    const char *commands; /* to which such a line may be completed, with blanks
                           * between them; null: none */
    /* Its children's storage is no run of its own (which has pages, but no
     * place), but what these hooks make of it: `load` in place of
     * loader_load(), and `unload` when the child is gone. */
    uint64_t (*load)(struct parent *parent, struct child *child,
                     const struct loader_order *order);
    void (*unload)(struct parent *parent, struct child *child);
    uint64_t bytes_each; /* of storage that parent_order() promises each of
                          * them; 0: equal parts of what is free */
    /* What a child says through this parent, before it is printed. */
    void (*edit)(char *text, uint64_t bytes);
};

/* What a parent needs to speak, to listen, and to have the clock wake it;
 * beside these a small one keeps one for each that it gives away, so that it
 * can pass on whatever its children send. */
#define PARENT_BUFFERS 3

/* Learns from the start record, the nucleus and the names in sight what there
 * is.  The hooks stay.  Where no console is in sight the parent's own parent
 * stands for it, which takes lines too. */
void parent_begin(struct parent *parent);

/* Gives up, in words, if there is no image to take programs from. */
void parent_needs_image(const struct parent *parent);

/* Says a text of at most 511 characters on its console, in as many lines as
 * it takes.  Waits until it is printed, unless the parent is hasty. */
void parent_say(struct parent *parent, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Presents a name to the children: its messages go to `server`, an address as
 * this parent sees it (KERNE_SELF: itself, see parent_is_for()).  Gives up, in
 * words, if it cannot. */
struct child *parent_present(struct parent *parent, const char *name,
                             uint64_t server);

/* Did a child, or who is inside one, send this message to that name? */
bool parent_is_for(const struct kerne_received *received,
                   const struct child *name);

/* Says how the child ended that did so last; a bad end is noted in `status`. */
void parent_report(struct parent *parent, const struct child *child);

/* The standard handling of one event, behind the hook `event`: answers to what
 * its console was told and asked, the contract of parent.h, breaks. */
void parent_event(struct parent *parent, const struct kerne_received *received);

/* Asks for a line, if it does not wait for one: for parents with a loop of
 * their own.  It may be completed to commands, children and files. */
void parent_ask(struct parent *parent);

/* Waits for one event, and handles it. */
void parent_serve_one(struct parent *parent);

/* Serves events until no child runs any more.  Returns the status. */
int parent_serve(struct parent *parent);

/* Notes why something is refused.  Always false, to be returned. */
bool parent_refuse(struct parent *parent, enum child_refusal refused,
                   const char *format, ...)
    __attribute__((format(printf, 3, 4)));
