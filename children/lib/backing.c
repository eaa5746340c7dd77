/* The client's side of the backing store. */
#include "backing.h"

const char *kerne_backing_text(uint64_t result, uint64_t status)
{
    static const char *const texts[] = {
        "it has no area of this name",
        "an area has this name already",
        "this is no name of an area",
        "its catalog is full",
        "its disk has not so many free segments",
        "another one owns the area, and the sender is no user of it",
        "in use for writing; `proc NAME remove` ends a use of s",
        "the number stands for another area",
        "the owner's account has not so many entries left",
        "the owner's account has not so many segments left",
        "only the store's parent may ask this",
        "it has as many accounts as it can have",
        "the area is private, and the sender is not included as a user",
        "the area's owner has ended this use",
        "it is no user of the area",
        "its owner has included as many users as he can",
    };
    if (result == KERNE_r_rejected && status >= KERNE_BACKING_NO_AREA &&
        status - KERNE_BACKING_NO_AREA < sizeof texts / sizeof *texts) {
        return texts[status - KERNE_BACKING_NO_AREA];
    }
    struct kerne_segments_done done = { .result = result, .status = status };
    return kerne_segments_text(&done);
}

static struct kerne_words message(uint64_t operation, const char *name,
                                  uint64_t word_3, uint64_t word_4)
{
    struct kerne_words words = { { KERNE_OPERATION(operation, 0) } };
    kerne_name(name, &words.w[KERNE_WORD_NAME]);
    words.w[3] = word_3;
    words.w[4] = word_4;
    return words;
}

uint64_t kerne_backing_ask(uint64_t store, uint64_t operation, const char *name,
                           uint64_t word_3, uint64_t word_4,
                           struct kerne_words *ret_answer)
{
    struct kerne_words words = message(operation, name, word_3, word_4);
    uint64_t result = kerne_converse(store, &words, ret_answer);
    if (result > KERNE_r_does_not_exist) {
        *ret_answer = (struct kerne_words){ { 0 } };
    }
    return result;
}

/* The message is held while the use lasts; if it is refused the answer is there
 * before that to the sense behind it. */
uint64_t kerne_use(uint64_t store, const char *name, uint64_t number,
                   enum kerne_use_mode mode, struct kerne_use *ret_use)
{
    struct kerne_words answer;
    struct kerne_words words = message(KERNE_BACKING_USE, name, number, mode);
    struct kerne_use use = { .store = store,
                             .number = number,
                             .address = KERNE_ADDRESS(0, number) };
    *ret_use = use;
    uint64_t result =
        kerne_create_pseudo(0, name, number, store, &use.reference);
    if (result != KERNE_r_normal) { return result; }
    result = kerne_send_message(store, &words, &use.buffer);
    if (result == KERNE_r_normal) {
        result = kerne_ask(use.address, KERNE_SENSE, 0, 0, &answer);
        if (result == KERNE_r_normal) {
            *ret_use = use;
            return result;
        }
        result = kerne_wait_answer(use.buffer, &answer);
        ret_use->status = answer.w[KERNE_WORD_STATUS];
    }
    (void)kerne_remove(use.reference);
    return result;
}

void kerne_use_end(const struct kerne_use *use)
{
    struct kerne_words answer;
    (void)kerne_ask(use->address, KERNE_BACKING_RELEASE, 0, 0, &answer);
    (void)kerne_wait_answer(use->buffer, &answer);
    (void)kerne_remove(use->reference);
}
