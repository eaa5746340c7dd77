/* General copy where a page is missing, of the sender or of the receiver. */
#include "actor.h"
#include "harness.h"

#define PAGES 4
#define AREA_BYTES (PAGES * (uint64_t)KERNE_PAGE)

static struct test_child client_child;
static struct actor_client client;
static uint8_t own[AREA_BYTES];

static uint8_t *area(void) { return (uint8_t *)family_arena(); }

static void lend(uint64_t reference, unsigned page, uint64_t rights)
{
    uint64_t left;
    uint64_t address = family_arena() + page * KERNE_PAGE;
    expect_result(kerne_map(reference, address, address, 1, rights, &left),
                  normal);
}

static void take(uint64_t reference, unsigned page)
{
    uint64_t left;
    uint64_t address = family_arena() + page * KERNE_PAGE;
    expect_result(kerne_unmap(reference, address, 1, &left), normal);
}

/* A child that grants four pages of the arena, all rights; it has only those
 * in the set `pages`. */
static bool make_client(uint64_t receiver, unsigned pages)
{
    for (unsigned i = 0; i < AREA_BYTES; i++) {
        area()[i] = (uint8_t)(i * 3 + i / 256);
    }
    memset(own, 0x5a, sizeof own);
    client = CLIENT_OF(receiver, KERNE_OPERATION(KERNE_OUTPUT, 3),
                       (uint64_t)area(), (uint64_t)area() + AREA_BYTES);
    if (!expect_result(child_make(&client_child, "client", 3, actor_client,
                                  &client, .tables = 5),
                       normal)) {
        return false;
    }
    for (unsigned i = 0; i < PAGES; i++) {
        if (pages >> i & 1) {
            lend(client_child.reference, i, KERNE_READ | KERNE_WRITE);
        }
    }
    return expect_result(kerne_start(client_child.reference), normal);
}

static void end_client(uint64_t buffer)
{
    expect_result(kerne_send_answer(buffer, KERNE_r_normal, WORDS(0)), normal);
    require(expect_rests(&client_child));
    expect_result(client.result, normal);
    child_remove(&client_child);
}

/* The parent of the sender is no ancestor of the receiver (it is the receiver
 * itself): the copy ends at the hole, and says how far it came. */
static void hole_ends_it_short(void)
{
    uint64_t bytes;
    require(make_client(KERNE_PARENT, 1 | 2 | 8));
    uint64_t buffer = kerne_wait_message().buffer;
    expect_result(
        kerne_general_copy(buffer, KERNE_FETCH, 0, own, AREA_BYTES, &bytes),
        missing);
    expect_equal(bytes, 2 * KERNE_PAGE);
    expect(memcmp(own, area(), bytes) == 0);
    expect_equal(own[bytes], 0x5a);
    expect_result(kerne_general_copy(buffer, KERNE_FETCH, 100, own,
                                     AREA_BYTES - 100, &bytes),
                  missing);
    expect_equal(bytes, 2 * KERNE_PAGE - 100);
    expect(memcmp(own, area() + 100, bytes) == 0);
    expect_result(
        kerne_general_copy(buffer, KERNE_STORE, 2 * KERNE_PAGE, own, 8, &bytes),
        missing);
    expect_equal(bytes, 0);
    lend(client_child.reference, 2, KERNE_READ | KERNE_WRITE);
    expect_result(
        kerne_general_copy(buffer, KERNE_FETCH, 0, own, AREA_BYTES, &bytes),
        normal);
    expect_equal(bytes, AREA_BYTES);
    expect(memcmp(own, area(), AREA_BYTES) == 0);
    end_client(buffer);
}

static void rights_of_the_sender_count(void)
{
    uint64_t bytes;
    require(make_client(KERNE_PARENT, 1 | 4 | 8));
    lend(client_child.reference, 1, KERNE_READ);
    uint64_t buffer = kerne_wait_message().buffer;
    expect_result(
        kerne_general_copy(buffer, KERNE_FETCH, 0, own, AREA_BYTES, &bytes),
        normal);
    expect_result(
        kerne_general_copy(buffer, KERNE_STORE, 4000, own, 1000, &bytes),
        missing);
    expect_equal(bytes, 96);
    lend(client_child.reference, 1, KERNE_EXECUTE);
    expect_result(
        kerne_general_copy(buffer, KERNE_FETCH, 4000, own, 1000, &bytes),
        missing);
    expect_equal(bytes, 96);
    end_client(buffer);
}

static void page_taken_away_between(void)
{
    uint64_t bytes;
    require(make_client(KERNE_PARENT, 15));
    uint64_t buffer = kerne_wait_message().buffer;
    expect_result(
        kerne_general_copy(buffer, KERNE_FETCH, 0, own, AREA_BYTES, &bytes),
        normal);
    take(client_child.reference, 3);
    expect_result(
        kerne_general_copy(buffer, KERNE_FETCH, 0, own, AREA_BYTES, &bytes),
        missing);
    expect_equal(bytes, 3 * KERNE_PAGE);
    take(client_child.reference, 0);
    expect_result(kerne_general_copy(buffer, KERNE_STORE, 0, own, 16, &bytes),
                  missing);
    expect_equal(bytes, 0);
    end_client(buffer);
}

/* A receiver that fetches or stores the whole area to or from the arena's
 * second half. */
struct copying {
    uint64_t direction;
    uint64_t own;
    volatile uint64_t result;
    volatile uint64_t bytes;
};

static void copy_whole(uint64_t argument)
{
    struct copying *copying = (struct copying *)argument;
    uint64_t bytes;
    uint64_t buffer = kerne_wait_message().buffer;
    uint64_t result =
        kerne_general_copy(buffer, (enum kerne_direction)copying->direction, 0,
                           (void *)copying->own, AREA_BYTES, &bytes);
    copying->bytes = bytes;
    copying->result = result;
    kerne_send_answer(buffer, KERNE_r_normal, WORDS(0));
}

static void end_siblings(struct test_child *receiver,
                         const struct copying *copying)
{
    require(expect_rests(receiver));
    require(expect_rests(&client_child));
    expect_result(copying->result, normal);
    expect_equal(copying->bytes, AREA_BYTES);
    expect_result(client.result, normal);
    child_remove(receiver);
    child_remove(&client_child);
}

/* Sender and receiver are siblings: the parent of both is told of the page
 * that the sender lacks, and the receiver tries again. */
static void common_parent_brings_the_page(uint64_t direction)
{
    struct copying copying = { direction, (uint64_t)own, 0, 0 };
    struct test_child receiver;
    require(child_run(&receiver, "receiver", 4, copy_whole, &copying));
    require(make_client(KERNE_ADDRESS(1, 4), 1 | 2 | 8));
    struct kerne_received event = family_next();
    expect_equal(KERNE_EVENT_KIND(event.event), KERNE_BREAK);
    expect_equal(event.sender,
                 child_address(&client_child) | KERNE_SENDER_INSIDE);
    expect_equal(event.words.w[0], KERNE_BREAK_PAGE_FAULT);
    expect_equal(event.words.w[1], (uint64_t)area() + 2 * KERNE_PAGE);
    expect_equal(event.words.w[2],
                 direction == KERNE_FETCH ? KERNE_READ : KERNE_WRITE);
    expect_equal(event.words.w[4], 1);
    expect_equal(event.words.w[5], 1);
    expect_equal(event.words.w[6], child_address(&receiver));
    expect_equal(family_wait(receiver.reference), KERNE_WAITS_BREAK);
    lend(client_child.reference, 2, KERNE_READ | KERNE_WRITE);
    expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0), normal);
    end_siblings(&receiver, &copying);
    expect(memcmp(own, area(), AREA_BYTES) == 0);
}

static void common_parent_brings_the_page_fetch(void)
{
    common_parent_brings_the_page(KERNE_FETCH);
}

static void common_parent_brings_the_page_store(void)
{
    common_parent_brings_the_page(KERNE_STORE);
}

/* The common parent does not bring it: the copy ends short, and the receiver
 * goes on. */
static void common_parent_does_not_bring_it(void)
{
    struct copying copying = { KERNE_FETCH, (uint64_t)own, 0, 0 };
    struct test_child receiver;
    require(child_run(&receiver, "receiver", 4, copy_whole, &copying));
    require(make_client(KERNE_ADDRESS(1, 4), 1 | 2 | 8));
    struct kerne_received event = family_next();
    expect_equal(event.words.w[1], (uint64_t)area() + 2 * KERNE_PAGE);
    expect_result(family_answer_break(event.buffer, KERNE_NOT_MINE, 0), normal);
    require(expect_rests(&receiver));
    require(expect_rests(&client_child));
    expect_result(copying.result, missing);
    expect_equal(copying.bytes, 2 * KERNE_PAGE);
    expect(memcmp(own, area(), 2 * KERNE_PAGE) == 0);
    expect_equal(own[2 * KERNE_PAGE], 0x5a);
    expect_result(client.result, normal);
    child_remove(&receiver);
    child_remove(&client_child);
}

/* A page that the receiver lacks is an ordinary break of the receiver. */
static void receiver_lacks_its_own_page(void)
{
    uint64_t target = family_arena() + KERNE_LARGE_PAGE;
    struct copying copying = { KERNE_FETCH, target, 0, 0 };
    struct test_child receiver;
    uint64_t left;
    require(
        child_run(&receiver, "receiver", 4, copy_whole, &copying, .tables = 5));
    require(make_client(KERNE_ADDRESS(1, 4), 15));
    for (unsigned i = 0; i < PAGES; i++) {
        uint64_t page = target + i * KERNE_PAGE;
        struct kerne_received event =
            expect_break(&receiver, KERNE_BREAK_PAGE_FAULT);
        expect_equal(event.words.w[1], page);
        expect_equal(event.words.w[2], KERNE_WRITE);
        expect_equal(event.words.w[4], 0);
        expect_equal(event.words.w[5], 1);
        expect_equal(event.words.w[6], child_address(&receiver));
        expect_result(kerne_map(receiver.reference, page, page, 1,
                                KERNE_READ | KERNE_WRITE, &left),
                      normal);
        expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0),
                      normal);
    }
    end_siblings(&receiver, &copying);
    expect(memcmp((void *)target, area(), AREA_BYTES) == 0);
}

/* A receiver removed in the middle of a copy: its break is gone, and its
 * client learns that the message had been received. */
static void receiver_removed_in_its_break(void)
{
    struct copying copying = { KERNE_STORE, 8, 0, 0 };
    struct test_child receiver;
    require(child_run(&receiver, "receiver", 4, copy_whole, &copying));
    require(make_client(KERNE_ADDRESS(1, 4), 15));
    struct kerne_received event =
        expect_break(&receiver, KERNE_BREAK_PAGE_FAULT);
    expect_equal(event.words.w[1], 8);
    expect_equal(event.words.w[2], KERNE_READ);
    expect_result(child_remove(&receiver), normal);
    expect_result(family_answer_break(event.buffer, KERNE_AGAIN, 0), gone);
    require(expect_rests(&client_child));
    expect_result(client.result, does_not_exist);
    expect_equal(client.answer.w[0], KERNE_HAD_BEEN_RECEIVED);
    child_remove(&client_child);
}

const struct test tests[] = {
    { .name = "copy.missing.hole_ends_it_short",
      .function = hole_ends_it_short },
    { .name = "copy.missing.rights_of_the_sender_count",
      .function = rights_of_the_sender_count },
    { .name = "copy.missing.page_taken_away_between",
      .function = page_taken_away_between },
    { .name = "copy.missing.common_parent_brings_the_page.fetch",
      .function = common_parent_brings_the_page_fetch },
    { .name = "copy.missing.common_parent_brings_the_page.store",
      .function = common_parent_brings_the_page_store },
    { .name = "copy.missing.common_parent_does_not_bring_it",
      .function = common_parent_does_not_bring_it },
    { .name = "copy.missing.receiver_lacks_its_own_page",
      .function = receiver_lacks_its_own_page },
    { .name = "copy.missing.receiver_removed_in_its_break",
      .function = receiver_removed_in_its_break },
    { NULL },
};
