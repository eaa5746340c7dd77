/* Files of the host, as storage. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All of a file, to be read.  Ends the command if that cannot be. */
const void *file_read(const char *path, uint64_t *ret_bytes);
/* The same, to be written in place unless `is_read_only`. */
uint8_t *file_disk(const char *path, bool is_read_only, uint64_t *ret_bytes);
