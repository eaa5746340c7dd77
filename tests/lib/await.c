/*
 * Waiting for what other processes do, and asking about them.
 */
#include "family.h"

#include "image.h"
#include "stack.h"

#include <program.h>

/* A state that no message announces is asked for again and again, with a
 * pause in which the others run: at most 4 seconds. */
#define AWAIT_TRIES 4000
#define AWAIT_PAUSE 1000 /* microseconds */

static uint64_t ticks_per_second;
static uint64_t arena;

uint64_t family_describe(uint64_t reference, enum kerne_describe what,
                         uint64_t cursor, unsigned word)
{
    uint64_t next;
    struct kerne_words words;
    uint64_t result = kerne_describe(reference, what, cursor, &next, &words);
    return result == KERNE_r_normal ? words.w[word] : 0;
}

void family_claims(uint64_t reference, struct family_claims *ret_claims)
{
    for (unsigned i = 0; i < 4; i++) {
        uint64_t next;
        if (kerne_describe(reference, KERNE_DESCRIBE_CLAIM, i, &next,
                           &ret_claims->claim[i]) != KERNE_r_normal) {
            ret_claims->claim[i] = (struct kerne_words){ { 0 } };
        }
    }
}

void family_expect_claims(const struct family_claims *before)
{
    static const char *const kinds[] = {
        "the caller's message buffers",
        "the caller's processes",
        "the caller's tables",
        "the caller's interrupt lines",
    };
    struct family_claims now;
    family_claims(0, &now);
    for (unsigned i = 0; i < 4; i++) {
        expect_words_note(EXPECT_PLACE(kinds[i]), &now.claim[i],
                          &before->claim[i]);
    }
}

/* A process does not know its depth, but where it sees a name. */
uint64_t family_external(uint64_t number)
{
    uint64_t address;
    if (kerne_look_up("line1", &address) != KERNE_r_normal) {
        return KERNE_VACANT;
    }
    return address - 1 + number;
}

uint64_t family_ticks(uint64_t microseconds)
{
    return microseconds * (ticks_per_second / 1000) / 1000;
}

void family_nap(uint64_t microseconds)
{
    struct kerne_words answer;
    uint64_t result =
        kerne_converse(family_clock(),
                       WORDS(KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                             family_ticks(microseconds)),
                       &answer);
    expect_result_of("a nap", result, KERNE_r_normal);
}

bool child_waits_at(struct expect_place place, const struct test_child *child,
                    uint64_t wait)
{
    uint64_t actual = family_wait(child->reference);
    for (unsigned i = 0; actual != wait && i < AWAIT_TRIES; i++) {
        family_nap(AWAIT_PAUSE);
        actual = family_wait(child->reference);
    }
    return expect_note(place, EXPECT_NUMBER, actual, wait);
}

bool family_awaits_at(struct expect_place place, const volatile uint64_t *word,
                      uint64_t value)
{
    for (unsigned i = 0; *word != value && i < AWAIT_TRIES; i++) {
        family_nap(AWAIT_PAUSE);
    }
    return expect_note(place, EXPECT_NUMBER, *word, value);
}

bool child_rests_at(struct expect_place place, const struct test_child *child)
{
    return family_awaits_at(place, &child->at_rest, 1);
}

struct kerne_received family_next(void)
{
    return kerne_serve(0, KERNE_r_normal, WORDS(0));
}

struct kerne_received family_break_at(struct expect_place place,
                                      const struct test_child *child,
                                      uint64_t kind)
{
    struct kerne_received event = family_next();
    place.what = "kind of event";
    expect_note(place, EXPECT_NUMBER, KERNE_EVENT_KIND(event.event),
                KERNE_BREAK);
    place.what = "sender of the break";
    expect_note(place, EXPECT_NUMBER, KERNE_SENDER_ADDRESS(event.sender),
                child_address(child));
    place.what = "kind of break";
    expect_note(place, EXPECT_NUMBER, event.words.w[0], kind);
    return event;
}

uint64_t family_answer_break(uint64_t buffer, enum kerne_action action,
                             uint64_t value)
{
    return kerne_send_answer(buffer, KERNE_r_normal, WORDS(action, value));
}

void family_prepare(void)
{
    const struct kerne_start *start = kerne_start_record;
    ticks_per_second = start->ticks_per_second;
    uint64_t mask = KERNE_LARGE_PAGE - 1;
    for (unsigned i = 0; i < KERNE_START_RANGES; i++) {
        uint64_t first = (start->storage[i].first + mask) & ~mask;
        if (first + ARENA_BYTES <= start->storage[i].last) { arena = first; }
    }
    expect(arena != 0);
    expect(image_read((const uint8_t *)start->image.first));
}

bool family_reset(void) { return stack_reset(); }

uint64_t family_arena(void) { return arena; }
