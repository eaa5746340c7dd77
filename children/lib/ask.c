/* The client's side: messages, and areas that are taken in parts. */
#include "program.h"
#include "touch.h"

uint64_t kerne_find(const char *name)
{
    uint64_t address;
    uint64_t result = kerne_look_up(name, &address);
    if (result != KERNE_r_normal) {
        kerne_give_up(
            "%s: %s%s", name, kerne_result_text(result),
            result == KERNE_r_name_unknown ? "; start its server first" : "");
    }
    return address;
}

uint64_t kerne_ask(uint64_t address, uint64_t operation, uint64_t word_1,
                   uint64_t word_2, struct kerne_words *ret_answer)
{
    struct kerne_words message = {
        { KERNE_OPERATION(operation, 0), word_1, word_2 },
    };
    return kerne_converse(address, &message, ret_answer);
}

void kerne_touch(uint64_t grant, char *first, size_t bytes)
{
    for (size_t i = 0; i < bytes;) {
        volatile char *c = first + i;
        char value = *c;
        if (grant == KERNE_GRANT_WRITE) { *c = value; }
        i += KERNE_PAGE - ((uint64_t)c & (KERNE_PAGE - 1));
    }
}

/*
 * One message after another until `enough` bytes are done, or the answer is
 * no reason to ask again.  An answer beyond the area counts as all of it.
 */
static uint64_t transfer(uint64_t address, uint64_t operation, uint64_t grant,
                         char *area, size_t bytes, size_t enough,
                         size_t *ret_bytes)
{
    bool is_input = operation == KERNE_INPUT; /* no bytes are its end */
    size_t done = 0;
    unsigned fruitless = 0;
    uint64_t result;
    do {
        struct kerne_words answer;
        struct kerne_words message =
            kerne_area(operation, grant, area + done, bytes - done);
        result = kerne_converse(address, &message, &answer);
        bool missing = result == KERNE_r_malfunction &&
                       answer.w[KERNE_WORD_STATUS] == KERNE_r_missing;
        size_t part = 0;
        if (result == KERNE_r_normal || missing) {
            part = answer.w[KERNE_WORD_BYTES] < bytes - done
                       ? answer.w[KERNE_WORD_BYTES]
                       : bytes - done;
        }
        done += part;
        fruitless = part == 0 ? fruitless + 1 : 0;
        if (missing) {
            kerne_touch(grant, area + done, bytes - done);
            if (done >= enough) { result = KERNE_r_normal; }
        } else if (result != KERNE_r_normal || is_input) {
            break;
        }
    } while (done < enough && fruitless < FRUITLESS);
    *ret_bytes = done;
    bool is_unfinished = done < enough && !is_input;
    return result == KERNE_r_normal && is_unfinished ? KERNE_r_malfunction
                                                     : result;
}

uint64_t kerne_output(uint64_t address, const void *text, size_t bytes,
                      size_t *ret_bytes)
{
    return transfer(address, KERNE_OUTPUT, KERNE_GRANT_READ, (char *)text,
                    bytes, bytes, ret_bytes);
}

uint64_t kerne_input(uint64_t address, void *ret_text, size_t bytes,
                     size_t *ret_bytes)
{
    return transfer(address, KERNE_INPUT, KERNE_GRANT_WRITE, ret_text, bytes,
                    bytes > 0 ? 1 : 0, ret_bytes);
}
