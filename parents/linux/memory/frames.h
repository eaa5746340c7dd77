/*
 * Frames: the pages that this system has for its programs, and for itself.
 *
 *   F1  a frame is free, or has as many users as there are who would drop it
 *   F2  the last FRAMES_RESERVED free ones are for this system's own records:
 *       so it can say what is wrong, and end who has all the others
 *   F3  a frame in use may have a slot of memory/slots.h, of which it is one
 *       user
 *   F4  free frames + frames in use = those that there are, less the table's
 *
 * A page that is not one of them, as one of the image, may be used and dropped
 * like one: nothing happens.
 *
 * No pointer argument may be null.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <storage.h>

/* Takes all that is free. */
void frames_begin(struct storage *storage);

#define FRAMES_RESERVED 64

/* So many stay free at present: fewer while this system itself needs a page for
 * a call that it has begun.  With so few pages are sent out. */
extern uint64_t frames_kept, frames_warned;

/* A frame with one user, its own address; 0: there is none. */
uint64_t frame_take(void);
uint64_t frame_take_zeroed(void);

/* The same, of the reserved ones, too. */
uint64_t frame_take_reserved(void);

/* One user more, one fewer.  Without users it is free. */
void frame_use(uint64_t frame);
void frame_drop(uint64_t frame);

/* Has it one user, who may write there?  Not if it is no frame. */
bool frame_is_ours_alone(uint64_t frame);

/* The slot of a frame (F3); false: it has none. */
bool frame_slot(uint64_t frame, uint64_t *ret_slot);

/* Gives a frame that has no slot the caller's use of one. */
void frame_set_slot(uint64_t frame, uint64_t slot);

/* What is in the frame is going to change. */
void frame_forget_slot(uint64_t frame);

uint64_t frames_free(void);
uint64_t frames_all(void);
