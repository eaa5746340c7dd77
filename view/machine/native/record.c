#include "record.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "options.h"

static FILE *out;
static size_t written; /* of what was typed */

void record_begin(struct machine *m, const char *path)
{
    if (!machine_remember(m)) {
        give_up("there is no room to remember what is typed");
    }
    out = fopen(path, "a");
    if (out == NULL) { give_up("%s: %s", path, strerror(errno)); }
}

void record_look(const struct machine *m)
{
    struct machine_typed typed;
    if (out == NULL) { return; }
    for (; machine_typed(m, written, &typed); written++) {
        (void)fprintf(out, "%" PRIu64 " ", typed.clock);
        for (unsigned k = 0; k < typed.count; k++) {
            (void)fprintf(out, "%02x", typed.byte[k]);
        }
        (void)fputs("\n", out);
    }
    if (fflush(out) != 0) { give_up("what was typed: %s", strerror(errno)); }
}
