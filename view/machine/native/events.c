/* What happens in the nucleus, written into a file as lines of JSON. */
#include "events.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "file.h"
#include "options.h"

#define LINE_BYTES 1024

static FILE *out;

static void told(void *context, const struct watch_event *event)
{
    char line[LINE_BYTES];
    struct json j = { .buffer = line, .size = sizeof(line), .is_first = true };
    (void)context;
    watch_write(event, &j);
    if (j.length < j.size) {
        line[j.length] = '\n';
        (void)fwrite(line, 1, j.length + 1, out);
    }
}

struct session *events_begin(struct machine *m, const char *layout,
                             const char *path)
{
    uint64_t bytes;
    const void *words = file_read(layout, &bytes);
    if (bytes != LAYOUT_WORDS * sizeof(uint64_t)) {
        give_up("%s: that is no layout, or one of another version", layout);
    }
    out = fopen(path, "w");
    if (out == NULL) { give_up("%s: %s", path, strerror(errno)); }
    struct session *s = session_create(m, words, told, NULL);
    if (s == NULL) { give_up("there is no room to look on"); }
    return s;
}

void events_end(void)
{
    if (fclose(out) != 0) { give_up("the events: %s", strerror(errno)); }
}
