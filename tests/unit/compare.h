/* The nucleus beside the model: begin alike, and be compared. */
#pragma once

#include <hart.h>

#include "model/model.h"

/* The model of a nucleus that has just been booted by rig_begin. */
void compare_begin(void);

/* All that both know; where they differ, model_disagrees says so. */
void compare_all(void);

/* Who runs must be ready, not suspended, and precede its children. */
void compare_current(void);

/* The model's process; null: it has none. */
struct model_process *compare_model_of(const struct process *p);
