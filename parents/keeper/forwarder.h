/*
 * The forwarder: what reaches the keeper from outside goes to one service, the
 * one behind the door.
 *
 * The inside of an operating system cannot be addressed from outside: no name
 * that the keeper's parent declares can lead to a child of the keeper.  So the
 * keeper receives for it, and passes on: each message becomes one of its own,
 * and the answer, result 5 included, goes back as it came.
 *
 *   D1  the keeper keeps what buffers it needs to listen and to speak
 */
#pragma once

#include "keeper.h"

/* Takes a message from outside. */
void forwarder_message(const struct kerne_received *received);

/* An answer from behind the door.  False: it is none. */
bool forwarder_answer(const struct kerne_received *received);
