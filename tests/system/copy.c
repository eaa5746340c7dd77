/*
 * General copy between processes, where pages are missing, and of one who is
 * stopped.  The sender's area lies in the arena, which children do not have
 * unless it is mapped into them.  What is refused tests/unit/copy.c says.
 */
#include "actor.h"
#include "harness.h"

#define PAGES 4
#define AREA_BYTES (PAGES * (uint64_t)KERNE_PAGE)
#define READ_WRITE (KERNE_READ | KERNE_WRITE)

enum { SENDER = 3, RECEIVER, SYSTEM }; /* child numbers */

static struct test_child sender;
static struct test_child receiver;
static struct actor_client client;
static uint8_t own[AREA_BYTES + 8];

static uint8_t *area(void) { return (uint8_t *)family_arena(); }

static void lend(const struct test_child *child, uint64_t first, uint64_t pages,
                 uint64_t rights)
{
    uint64_t left;
    uint64_t address = family_arena() + first * KERNE_PAGE;
    expect_result(
        kerne_map(child->reference, address, address, pages, rights, &left),
        normal);
}

/* A child that sends a message, which grants all rights to four pages of the
 * arena; it has those in the set `pages`.  `inside`: of that process, if not
 * 0. */
static bool run_sender(uint64_t inside, uint64_t to, unsigned pages)
{
    for (unsigned i = 0; i < AREA_BYTES; i++) {
        area()[i] = (uint8_t)(i * 3 + i / 256);
    }
    memset(own, 0x5a, sizeof own);
    client = CLIENT_OF(to, KERNE_OPERATION(KERNE_OUTPUT, 3), family_arena(),
                       family_arena() + AREA_BYTES);
    if (!expect_result(child_make(&sender, "sender", SENDER, actor_client,
                                  &client, .behalf_of = inside, .tables = 5),
                       normal)) {
        return false;
    }
    for (unsigned i = 0; i < PAGES; i++) {
        if (pages >> i & 1) { lend(&sender, i, 1, READ_WRITE); }
    }
    return expect_result(kerne_start(sender.reference), normal);
}

static void end_sender(uint64_t buffer)
{
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), normal);
    require(expect_rests(&sender));
    expect_result(client.result, normal);
    child_remove(&sender);
}

static void expect_copy_at(struct expect_place place, uint64_t buffer,
                           enum kerne_direction direction, uint64_t offset,
                           const void *address, uint64_t length,
                           uint64_t result, uint64_t bytes)
{
    uint64_t copied = UINT64_MAX;
    expect_note(
        place, EXPECT_RESULT,
        kerne_general_copy(buffer, direction, offset, address, length, &copied),
        result);
    expect_note(place, EXPECT_NUMBER, copied, bytes);
}
#define expect_copy(buffer, direction, offset, address, length, result, bytes) \
    expect_copy_at(EXPECT_PLACE(#direction), (buffer), KERNE_##direction,      \
                   (offset), (address), (length), KERNE_r_##result, (bytes))

/* ---- between processes -------------------------------------------------- */

/* Fetches and stores stretches that begin and end anywhere. */
static void every_alignment(void)
{
    static const uint64_t offsets[] = { 0, 1, 7, 8, 4095, 4096, 5000 };
    static const uint64_t lengths[] = { 1, 3, 8, 64, 4095, 4096, 4097, 7000 };
    require(run_sender(0, KERNE_PARENT, 15));
    uint64_t buffer = kerne_wait_message().buffer;
    for (unsigned i = 0; i < 7 * 8; i++) {
        uint64_t offset = offsets[i / 8];
        uint64_t length = lengths[i % 8];
        uint8_t *mine = own + (i / 8 + i) % 8;
        memset(own, 0x5a, sizeof own);
        expect_copy(buffer, FETCH, offset, mine, length, normal, length);
        require(expect(memcmp(mine, area() + offset, length) == 0));
        require(expect_equal(mine[length], 0x5a));
        uint8_t behind = area()[offset + length];
        memset(own, (int)i, sizeof own);
        expect_copy(buffer, STORE, offset, mine, length, normal, length);
        require(expect(memcmp(mine, area() + offset, length) == 0));
        require(expect_equal(area()[offset + length], behind));
    }
    end_sender(buffer);
    expect_copy(buffer, FETCH, 0, own, 8, gone, 0);
}

/* A device page is mapped, and is nevertheless not copied. */
static void device_page(void)
{
    uint64_t buffer;
    expect_result(kerne_send_message(KERNE_SELF,
                                     WORDS(KERNE_OPERATION(KERNE_OUTPUT, 3),
                                           CLOCK_PAGE, CLOCK_PAGE + 64),
                                     &buffer),
                  normal);
    kerne_wait_message();
    own[0] = 0x5a;
    expect_copy(buffer, FETCH, 0, own, 64, bad_address, 0);
    expect_equal(own[0], 0x5a);
    expect_result(kerne_regret_message(buffer), normal);
    kerne_send_answer(buffer, KERNE_r_normal, WORDS(0));
}

/* ---- missing pages ------------------------------------------------------ */

/* The parent of the sender is no ancestor of the receiver (it is the receiver
 * itself): the copy ends at the hole, and says how far it came.  Rights of the
 * sender count, and what is taken away between two copies is missed. */
static void hole_ends_it_short(void)
{
    uint64_t left;
    require(run_sender(0, KERNE_PARENT, 1 | 2 | 8));
    uint64_t buffer = kerne_wait_message().buffer;
    expect_copy(buffer, FETCH, 0, own, AREA_BYTES, missing, 2 * KERNE_PAGE);
    expect(memcmp(own, area(), 2 * KERNE_PAGE) == 0);
    expect_equal(own[2 * KERNE_PAGE], 0x5a);
    expect_copy(buffer, STORE, 2 * KERNE_PAGE, own, 8, missing, 0);
    lend(&sender, 2, 1, KERNE_READ);
    expect_copy(buffer, FETCH, 0, own, AREA_BYTES, normal, AREA_BYTES);
    expect(memcmp(own, area(), AREA_BYTES) == 0);
    expect_copy(buffer, STORE, 2 * KERNE_PAGE - 96, own, 1000, missing, 96);
    lend(&sender, 2, 1, KERNE_EXECUTE);
    expect_copy(buffer, FETCH, 2 * KERNE_PAGE - 96, own, 1000, missing, 96);
    expect_result(kerne_unmap(sender.reference, family_arena(), 1, &left),
                  normal);
    expect_copy(buffer, FETCH, 0, own, 8, missing, 0);
    end_sender(buffer);
}

/* Copies the whole area, to or from `own`. */
struct copying {
    enum kerne_direction direction;
    void *own;
    volatile uint64_t result;
    volatile uint64_t bytes;
};

static void copy_whole(uint64_t argument)
{
    struct copying *copying = (struct copying *)argument;
    uint64_t bytes;
    uint64_t buffer = kerne_wait_message().buffer;
    copying->result = kerne_general_copy(buffer, copying->direction, 0,
                                         copying->own, AREA_BYTES, &bytes);
    copying->bytes = bytes;
    kerne_send_answer(buffer, KERNE_r_normal, WORDS(0));
}

/* Sender and receiver are siblings. */
static bool run_siblings(struct copying *copying, unsigned pages)
{
    return child_run(&receiver, "receiver", RECEIVER, copy_whole, copying,
                     .tables = 5) &&
           run_sender(0, KERNE_ADDRESS(1, RECEIVER), pages);
}

static void end_siblings(const struct copying *copying, uint64_t result,
                         uint64_t bytes)
{
    require(expect_rests(&receiver));
    require(expect_rests(&sender));
    expect_result_of("copy", copying->result, result);
    expect_equal(copying->bytes, bytes);
    expect(memcmp(copying->own, area(), bytes) == 0);
    expect_result(client.result, normal);
    child_remove(&receiver);
    child_remove(&sender);
}

/* The parent of both is told which page is missing, and to whom. */
static uint64_t told(uint64_t culprit, const void *address, uint64_t access,
                     bool inside)
{
    struct kerne_received event = family_next();
    expect_equal(KERNE_EVENT_KIND(event.event), KERNE_BREAK);
    expect_equal(event.sender, culprit | (inside ? KERNE_SENDER_INSIDE : 0));
    expect_equal(event.words.w[0], KERNE_BREAK_PAGE_FAULT);
    expect_equal(event.words.w[1], (uint64_t)address);
    expect_equal(event.words.w[2], access);
    expect_equal(event.words.w[4], inside);
    expect_equal(event.words.w[5], 1);
    expect_equal(event.words.w[6], child_address(&receiver));
    expect_equal(family_wait(receiver.reference), KERNE_WAITS_BREAK);
    return event.buffer;
}

/* A page that the sender lacks: it is brought, and the receiver tries again. */
static void common_parent_brings_the_page(void)
{
    static const enum kerne_direction directions[] = { KERNE_FETCH,
                                                       KERNE_STORE };
    static const uint64_t access[] = { KERNE_READ, KERNE_WRITE };
    for (unsigned i = 0; i < 2; i++) {
        struct copying copying = { directions[i], own, 0, 0 };
        require(run_siblings(&copying, 1 | 2 | 8));
        uint64_t buffer = told(KERNE_ADDRESS(0, SENDER),
                               area() + 2 * KERNE_PAGE, access[i], true);
        lend(&sender, 2, 1, READ_WRITE);
        expect_result(family_answer_break(buffer, KERNE_AGAIN, 0), normal);
        end_siblings(&copying, KERNE_r_normal, AREA_BYTES);
    }
}

/* The copy ends short, and the receiver goes on. */
static void common_parent_does_not_bring_it(void)
{
    struct copying copying = { KERNE_FETCH, own, 0, 0 };
    require(run_siblings(&copying, 1 | 2 | 8));
    uint64_t buffer = told(KERNE_ADDRESS(0, SENDER), area() + 2 * KERNE_PAGE,
                           KERNE_READ, true);
    expect_result(family_answer_break(buffer, KERNE_NOT_MINE, 0), normal);
    end_siblings(&copying, KERNE_r_missing, 2 * KERNE_PAGE);
    expect_equal(own[2 * KERNE_PAGE], 0x5a);
}

/* A page that the receiver lacks is an ordinary break of the receiver. */
static void receiver_lacks_its_own_page(void)
{
    uint8_t *target = area() + KERNE_LARGE_PAGE;
    struct copying copying = { KERNE_FETCH, target, 0, 0 };
    require(run_siblings(&copying, 15));
    for (unsigned i = 0; i < PAGES; i++) {
        uint64_t buffer = told(KERNE_ADDRESS(0, RECEIVER),
                               target + i * KERNE_PAGE, KERNE_WRITE, false);
        lend(&receiver, 512 + i, 1, READ_WRITE);
        expect_result(family_answer_break(buffer, KERNE_AGAIN, 0), normal);
    }
    end_siblings(&copying, KERNE_r_normal, AREA_BYTES);
}

/* ---- who is stopped: its storage stays as it is ------------------------- */

/* Itself, or the system that it is inside of. */
static void stopped(void)
{
    struct test_child system;
    const struct test_child *const who[] = { &sender, &system };
    require(child_run(&system, "system", SYSTEM, actor_rest, 0, .processes = 1,
                      .tables = 10));
    lend(&system, 0, PAGES, READ_WRITE);
    require(run_sender(system.reference, KERNE_ADDRESS(3, TEST_NUMBER), 15));
    uint64_t buffer = kerne_wait_message().buffer;
    for (unsigned i = 0; i < 2; i++) {
        expect_copy(buffer, FETCH, 8, own, 64, normal, 64);
        expect_result(kerne_stop(who[i]->reference), normal);
        expect_copy(buffer, FETCH, 8, own, 64, missing, 0);
        expect_copy(buffer, STORE, 8, own, 64, missing, 0);
        expect_result(kerne_start(who[i]->reference), normal);
        expect_copy(buffer, STORE, 8, own, 64, normal, 64);
    }
    end_sender(buffer);
    child_remove(&system);
}

/* Stopped midway, here while the receiver waits for a page of its: what was
 * copied until then is counted, and the page does not help. */
static void stopped_midway(void)
{
    struct copying copying = { KERNE_FETCH, own, 0, 0 };
    require(run_siblings(&copying, 1 | 2));
    uint64_t buffer = told(KERNE_ADDRESS(0, SENDER), area() + 2 * KERNE_PAGE,
                           KERNE_READ, true);
    expect_result(kerne_stop(sender.reference), normal);
    lend(&sender, 2, 2, READ_WRITE);
    expect_result(family_answer_break(buffer, KERNE_AGAIN, 0), normal);
    require(expect_rests(&receiver));
    expect_result(kerne_start(sender.reference), normal);
    end_siblings(&copying, KERNE_r_missing, 2 * KERNE_PAGE);
}

const struct test tests[] = {
    { .name = "copy.every_alignment", .function = every_alignment },
    { .name = "copy.device_page", .function = device_page, .devices = true },
    { .name = "copy.missing.hole_ends_it_short",
      .function = hole_ends_it_short },
    { .name = "copy.missing.common_parent_brings_the_page",
      .function = common_parent_brings_the_page },
    { .name = "copy.missing.common_parent_does_not_bring_it",
      .function = common_parent_does_not_bring_it },
    { .name = "copy.missing.receiver_lacks_its_own_page",
      .function = receiver_lacks_its_own_page },
    { .name = "copy.stopped", .function = stopped },
    { .name = "copy.stopped.midway", .function = stopped_midway },
    { NULL },
};
