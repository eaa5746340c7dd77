/* The kinds of rooms: each makes one of a run of storage. */
#pragma once

#include "room.h"

void room_plain(struct room *room, struct storage_run run);
void room_packed(struct room *room, struct storage_run run);
