/* The kinds of rooms in storage: each makes one of a run. */
#pragma once

#include "room.h"

void room_plain(struct room *room, struct storage_run run);
void room_packed(struct room *room, struct storage_run run);
