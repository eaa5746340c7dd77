/* What happens in the nucleus, written into a file as lines of JSON. */
#pragma once

#include <session.h>

/* Both end the command, with a sentence, where a file cannot be used. */
struct session *events_begin(struct machine *m, const char *layout,
                             const char *path);
void events_end(void);
