#include "fetch.h"

#include <string.h>
#include <touch.h>

void fetch_begin(struct fetch *fetch, const char *name, void *to,
                 uint64_t first, uint64_t segments)
{
    *fetch = (struct fetch){ .to = to, .first = first, .segments = segments };
    strncpy(fetch->name, name, sizeof fetch->name - 1);
}

void fetch_head(struct fetch *fetch, const char *name,
                uint8_t ret_page[KERNE_PAGE], uint64_t segments)
{
    const uint64_t most = KERNE_PAGE / KERNE_SEGMENT;
    fetch_begin(fetch, name, ret_page, 0, segments < most ? segments : most);
}

/* What is still to be moved. */
static char *rest(const struct fetch *fetch, uint64_t *ret_segments)
{
    *ret_segments = fetch->segments - fetch->done;
    return fetch->to + fetch->done * KERNE_SEGMENT;
}

bool fetch_message(const struct fetch *fetch, struct kerne_words *ret_message)
{
    uint64_t segments;
    char *to = rest(fetch, &segments);
    *ret_message =
        kerne_segments_message(KERNE_BACKING_READ, KERNE_GRANT_WRITE, to,
                               segments, fetch->first + fetch->done);
    kerne_name(fetch->name, &ret_message->w[KERNE_WORD_READ_NAME]);
    return segments > 0;
}

bool fetch_answer(struct fetch *fetch, uint64_t result,
                  const struct kerne_words *answer)
{
    uint64_t segments;
    char *to = rest(fetch, &segments);
    uint64_t moved = answer->w[KERNE_WORD_BYTES] / KERNE_SEGMENT;
    bool is_missing = result == KERNE_r_malfunction &&
                      answer->w[KERNE_WORD_STATUS] == KERNE_r_missing;
    if (result != KERNE_r_normal && !is_missing) { return false; }
    if (is_missing) {
        kerne_touch(KERNE_GRANT_WRITE, to, segments * KERNE_SEGMENT);
    }
    moved = moved < segments ? moved : segments;
    fetch->done += moved;
    fetch->fruitless = moved == 0 ? fetch->fruitless + 1 : 0;
    return fetch->fruitless < FRUITLESS;
}

bool fetch_program(struct fetch *fetch, const char *name,
                   const struct executable *program, uint64_t run,
                   unsigned *number)
{
    if (*number == program->count) { return false; }
    const struct executable_segment *segment = &program->segment[(*number)++];
    fetch_begin(fetch, name, (char *)run + (segment->address - program->first),
                segment->offset / KERNE_SEGMENT,
                (segment->in_file + KERNE_SEGMENT - 1) / KERNE_SEGMENT);
    return true;
}

bool fetch_suits(const struct executable *program)
{
    bool suits = true;
    for (unsigned i = 0; i < program->count; i++) {
        suits &= program->segment[i].offset % KERNE_SEGMENT == 0 ||
                 program->segment[i].in_file == 0;
    }
    return suits;
}
