#include "raw.h"

#include "touch.h"

struct kerne_words kerne_raw_message(const struct kerne_raw *raw,
                                     void *ret_keys, size_t bytes)
{
    struct kerne_words message =
        kerne_area(KERNE_CONSOLE_KEYS, KERNE_GRANT_WRITE, ret_keys, bytes);
    message.w[KERNE_WORD_COLUMNS] = raw->columns;
    message.w[KERNE_WORD_ROWS] = raw->rows;
    message.w[KERNE_WORD_TURN] = raw->turn;
    return message;
}

size_t kerne_raw_told(struct kerne_raw *raw, const struct kerne_words *answer,
                      size_t bytes)
{
    raw->columns = answer->w[KERNE_WORD_COLUMNS];
    raw->rows = answer->w[KERNE_WORD_ROWS];
    raw->turn = answer->w[KERNE_WORD_TURN];
    return answer->w[KERNE_WORD_BYTES] < bytes ? answer->w[KERNE_WORD_BYTES]
                                               : bytes;
}

/* A page that is missing is touched; if FRUITLESS times in a row nothing has
 * come of that, it is no use. */
static uint64_t ask(const struct kerne_raw *raw,
                    const struct kerne_words *message, uint64_t grant,
                    char *area, size_t bytes, struct kerne_words *ret_answer)
{
    uint64_t result;
    bool is_missing;
    unsigned attempts = 0;
    do {
        result = kerne_converse(raw->console, message, ret_answer);
        is_missing = result == KERNE_r_malfunction &&
                     ret_answer->w[KERNE_WORD_STATUS] == KERNE_r_missing;
        if (is_missing) { kerne_touch(grant, area, bytes); }
    } while (is_missing && ++attempts < FRUITLESS);
    return result;
}

uint64_t kerne_raw_keys(struct kerne_raw *raw, void *ret_keys, size_t bytes,
                        size_t *ret_bytes)
{
    struct kerne_words answer;
    struct kerne_words message = kerne_raw_message(raw, ret_keys, bytes);
    uint64_t result =
        ask(raw, &message, KERNE_GRANT_WRITE, ret_keys, bytes, &answer);
    *ret_bytes =
        result == KERNE_r_normal ? kerne_raw_told(raw, &answer, bytes) : 0;
    return result;
}

static uint64_t put(const struct kerne_raw *raw, const char *text, size_t bytes,
                    size_t *ret_bytes)
{
    struct kerne_words answer;
    struct kerne_words message =
        kerne_area(KERNE_CONSOLE_PUT, KERNE_GRANT_READ, text, bytes);
    uint64_t result =
        ask(raw, &message, KERNE_GRANT_READ, (char *)text, bytes, &answer);
    uint64_t part = answer.w[KERNE_WORD_BYTES];
    *ret_bytes = result != KERNE_r_normal ? 0 : part < bytes ? part : bytes;
    return result;
}

uint64_t kerne_raw_put(const struct kerne_raw *raw, const void *text,
                       size_t bytes)
{
    size_t done = 0, part;
    unsigned fruitless = 0;
    uint64_t result = KERNE_r_normal;
    while (done < bytes && result == KERNE_r_normal) {
        result = put(raw, (const char *)text + done, bytes - done, &part);
        done += part;
        fruitless = part == 0 ? fruitless + 1 : 0;
        if (fruitless == FRUITLESS) { result = KERNE_r_malfunction; }
    }
    return result;
}

uint64_t kerne_raw_begin(struct kerne_raw *raw, uint64_t console)
{
    const struct kerne_words message = {
        { KERNE_OPERATION(KERNE_CONSOLE_RAW, 0) },
    };
    struct kerne_words answer,
        look = kerne_area(KERNE_CONSOLE_PUT, KERNE_GRANT_READ, raw, 0);
    *raw = (struct kerne_raw){ .console = console };
    uint64_t result = kerne_send_message(console, &message, &raw->held);
    if (result != KERNE_r_normal) { return result; }
    result = kerne_converse(console, &look, &answer);
    if (result == KERNE_r_normal) { (void)kerne_raw_told(raw, &answer, 0); }
    raw->turn = 0; /* so that the first one is told */
    if (result != KERNE_r_normal) { (void)kerne_regret_message(raw->held); }
    return result;
}

void kerne_raw_end(const struct kerne_raw *raw)
{
    struct kerne_words answer;
    (void)kerne_regret_message(raw->held);
    (void)kerne_ask(raw->console, KERNE_SENSE, 0, 0, &answer);
}
