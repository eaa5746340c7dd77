/*
 * The skeleton of a small parent: an operating system of 40 to 150 lines that
 * runs programs of its image as its children.  What it does otherwise than
 * others is in two hooks, and in the names that it presents:
 *
 *     int main(int argc, char **argv)
 *     {
 *         small_begin(&parent);
 *         small_present(&parent, "console", parent.console);
 *         small_run_all(&parent, argc, argv);
 *         return small_serve(&parent);
 *     }
 *
 * A small parent has no operator's commands: it does what its arguments say,
 * and finishes when no child of it runs any more.
 *
 *   P1  it waits for nothing that a child can withhold
 *   P2  every message is answered, and every break
 *   P3  what ended is reported, removed, and its share is free again
 *
 * Its storage is its children's: it does not use malloc.
 */
#ifndef SMALL_H
#define SMALL_H

#include <archive.h>
#include <children.h>
#include <parent_messages.h>
#include <program.h>

struct small {
    struct archive image;
    struct storage storage;
    struct children children;
    uint64_t console; /* its own; without one its parent, who takes lines too */
    uint64_t clock;   /* its own; KERNE_VACANT if there is none */
    uint64_t withheld; /* of its function mask, from its children */
    int status;        /* of its finis: 1 when a child ended badly */

    /* What the small parent does itself; null: nothing.
     * Each event comes here first; true: it is dealt with.  A message is then
     * answered, or will be. */
    bool (*event)(struct small *small, const struct kerne_received *received);
    /* A child has finished, given up or broken, and is stopped; true: it is
     * dealt with, and stays.  False: it is reported and removed. */
    bool (*ended)(struct small *small, const struct parent_event *event);
    /* What a child says through this parent, before it is printed. */
    void (*edit)(char *text, uint64_t bytes);
};

/* Message buffers that a small parent keeps to speak with; beside them it
 * keeps one for each that it gives away, so that it can pass on whatever its
 * children send. */
#define SMALL_BUFFERS 3

/* Learns from the start record what there is: image, storage, console, clock.
 * Keeps the hooks.  Gives up, in words, without an image. */
void small_begin(struct small *small);

/* Says a line on its own console, cut to KERNE_LINE_BYTES - 1 characters.
 * Waits for the console, which no child of it can delay, unless the parent
 * presents a child as its own. */
void small_say(const struct small *small, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Presents a name to the children: its messages go to `server`, an address as
 * this parent sees it (KERNE_SELF: itself, see KERNE_SENDER_ADDRESSED()).
 * Gives up, in words, if it cannot. */
struct child *small_present(struct small *small, const char *name,
                            uint64_t server);

/* Was this message sent to that name? */
bool small_is_for(const struct kerne_received *received,
                  const struct child *name);

/* An order for one child that gets one of `parts` equal parts of what is free
 * now, the image, and the functions that this parent has, but physical
 * address and what is withheld.  Gives up, in words, if it has no message
 * buffers for them.  A parent may change it before small_make. */
struct child_order small_order(const struct small *small, uint64_t parts);

/* Makes a child of a command: the name of a file in the image, then, after
 * blanks, its arguments; and loads it.  The child has the name of the
 * order; without one it is called as the file is, with a number behind it if
 * that is taken.
 * Null: it was refused, which has been said, and nothing is left of it. */
struct child *small_make(struct small *small, const char *command,
                         const struct child_order *order);

/* Makes, in equal parts, a child of each command in the arguments, which stand
 * apart by a word that is `,` or ends in it; then starts them in this order.
 * What is refused counts as ended badly. */
void small_run_all(struct small *small, int argc, char **argv);

/* Removes a child: what it had is free again. */
uint64_t small_remove(struct small *small, struct child *child);

/* The standard handling of one event, behind the hook `event`: the contract of
 * parent.h; a text is printed under its child's name. */
void small_event(struct small *small, const struct kerne_received *received);

/* Does any child run? */
bool small_has_work(const struct small *small);

/* Serves events until no child runs any more.  Returns the status. */
int small_serve(struct small *small);

#endif
