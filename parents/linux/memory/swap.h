/*
 * Paging: of pages of private storage that were not used lately, some go to an
 * area of the backing store when frames are short, and come back when they are
 * touched.
 *
 * Which of them go is found by two hands; see memory/hands.h.
 *
 * Nobody waits for the disk but who needs the page: the message to the store
 * is sent, and whoever touched the page waits in its queue, in his break.
 *
 *   X1  a slot, of a page's size in the area, has as many users as there are
 *       entries (ENTRY_OUT) and frames that name it, and work that is under way
 *   X2  a frame with a slot has what the slot has: it has no writable window
 *   X3  a frame that is being written has the work as one more user: so nobody
 *       writes to it, and it is not free before that has ended
 *   X4  what is written to a page that is on its way is kept, and laid over it
 *       when it has come
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <memory/fault.h>
#include <memory/frames.h>
#include <memory/slots.h>
#include <memory/space.h>
#include <waiting/wait.h>

struct kerne_received;
struct thread;

/* Before the frames are taken: so many pages of an area of `store` that is made
 * for this system, and goes with it.  Gives up, in words, if it cannot be. */
void swap_begin(struct storage *storage, uint64_t pages);

/* What the call or fault that is being dealt with found missing is there when
 * this queue is woken; then it is to be tried again.  Null: it found all.  The
 * other one is never woken: somebody has to be ended first. */
extern struct queue *swap_wanted;
extern struct queue swap_never;

/* Lets a thread wait there; see waiting/wait.h. */
void swap_wait(struct thread *t, struct queue *queue);

/* Brings a page that is out into a frame.  FAULT_WAITS: it comes, and
 * swap_wanted says when; FAULT_BEYOND: it cannot be read; FAULT_NO_MEMORY: no
 * frame is left, but soon, if swap_wanted says when. */
enum fault swap_bring(struct space *space, struct region *region,
                      uint64_t address);

/* No frame is left: can there be one soon?  Then swap_wanted says when. */
bool swap_makes_room(void);

/* Lays bytes over a page that is on its way.  False: it is not, or no frame is
 * left. */
bool swap_lay_over(const struct space *space, uint64_t address,
                   const void *bytes, uint64_t count);

/* Is something to be laid over a page of the space's?  Then swap_wanted says
 * when it is. */
bool swap_is_laying(const struct space *space);

/* Are frames short, with a store that takes pages?  Those that are on their way
 * are as good as free. */
bool swap_is_short(void);

/* Sends a page of private storage out that has no window here, if it can go;
 * with others that share it, it leaves its frame when they all have.  False: no
 * more can be under way. */
bool swap_send_out(struct space *space, struct region *region, unsigned index);

/* Takes the answer that ends what is under way; false: it is another one. */
bool swap_answer(const struct kerne_received *received);

/* A space ends: nothing that is under way is for it. */
void swap_forget(struct space *space);

struct swap_counts {
    uint64_t brought, written; /* pages */
};
struct swap_counts swap_counts(void);

/* Where the pages go, for people; null: nowhere. */
const char *swap_name(void);

/* ---- entries of the page map --------------------------------------------- */

static inline void entry_use(uint64_t entry)
{
    if (entry & ENTRY_OUT) {
        slot_use(entry / KERNE_PAGE);
    } else {
        frame_use(entry & ENTRY_ADDRESS);
    }
}

static inline void entry_drop(uint64_t entry)
{
    if (entry & ENTRY_OUT) {
        slot_drop(entry / KERNE_PAGE);
    } else {
        frame_drop(entry & ENTRY_ADDRESS);
    }
}
