/*
 * /store: a tree of files that survives power-off, in an area of the backing
 * store.  What is changed is in storage first, and goes to the area with a
 * commit: when a program asks for it, some seconds after the change, and at the
 * end.
 *
 *   V1  nothing that the root of the area leads to is written over: a page that
 *       was changed goes to a free one, and the root follows when all others
 *       are there.  So a crash finds the tree as a commit left it
 *   V2  a page is free if neither the tree in storage nor the root leads to it
 *   V3  for each page that is to be written there is a free one: who would need
 *       one more is refused before
 *
 * Who calls waits for the store.  No pointer argument may be null.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct node;

#define VOLUME_NAME "store" /* of its folder in the root, and of the server */
#define VOLUME_PAGES_MOST 262144 /* of its area: 1 GiB */

/* Mounts the area `linux` of the store, if there is a store in sight; makes it
 * where it is not.  What goes wrong is said, and then there is no /store. */
void volume_begin(void);

/* Commits, and gives the area back. */
void volume_end(void);

/* Something is to be written.  Some seconds later it is. */
void volume_changed(void);

/* All that was changed before is on the disk when it returns 0; or -LINUX_EIO,
 * or -LINUX_ENOSPC. */
long volume_commit(void);

/* A page of the area's into a frame.  False: it cannot be read. */
bool volume_read(uint64_t page, uint64_t frame);

/* One more page, or name, is to be written, for which there is room.  False:
 * there is none, and the store gives no more. */
bool volume_reserve(void);
bool volume_reserve_name(void);

/* A page that was reserved is not written; one of the area's is not needed. */
void volume_release(void);
void volume_free(uint64_t page);

/* Pages that it has or may have, and those of them that are free; false: there
 * is no /store. */
bool volume_room(uint64_t *ret_all, uint64_t *ret_free);
bool volume_is_there(void);

/* Is this the answer that ends the use of the area? */
bool volume_answer(uint64_t buffer);
