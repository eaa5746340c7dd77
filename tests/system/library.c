/*
 * What programs share, children/lib, and its way with messages: the one who
 * asks, the one who serves, and the one who stands between them.
 */
#include "actor.h"
#include "harness.h"

#include <errno.h>
#include <program.h>
#include <relay.h>
#include <segments.h>
#include <unistd.h>

#define WINDOW UINT64_C(0x90000000)
#define RELAY 4

/* ---- in the process itself ----------------------------------------------- */

/* All that the parent gave can be had, and no more. */
static void storage_for_malloc(void)
{
    const struct kerne_range *storage = &kerne_start_record->storage[0];
    ptrdiff_t all = (ptrdiff_t)(storage->last - storage->first);
    expect(sbrk(0) == (void *)storage->first);
    expect(sbrk(-1) == (void *)-1);
    expect(sbrk(all + 1) == (void *)-1);
    expect_equal(errno, ENOMEM);
    expect(sbrk(all) == (void *)storage->first);
    expect(sbrk(1) == (void *)-1);
    expect(sbrk(-all) == (void *)storage->last);
    expect(sbrk(0) == (void *)storage->first);
}

static void in_words(void)
{
    expect(strcmp(kerne_result_name(KERNE_r_gone), "gone") == 0);
    expect(strcmp(kerne_result_name(999), "result") == 0);
    expect(strcmp(kerne_result_text(999), "a result that is in no list") == 0);
    expect(strcmp(kerne_function_name(KERNE_serve), "serve") == 0);
    expect(strcmp(kerne_function_name(1), "function") == 0);
}

/* One that is too long is none that a process can have. */
static void names_as_words(void)
{
    static const char *const names[] = { "a", "seven-7", "eight--8",
                                         "nine----9", "fifteen-letters" };
    uint64_t words[2];
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        kerne_name(names[i], words);
        expect(strncmp((char *)words, names[i], sizeof words) == 0);
        expect(kerne_name_is_good(words));
    }
    kerne_name("sixteen-letters-", words);
    expect(!kerne_name_is_good(words));
}

static void ticks_and_microseconds(void)
{
    static const uint64_t days = UINT64_C(1000000) * 86400 * 1000;
    uint64_t rate = kerne_start_record->ticks_per_second;
    expect_equal(kerne_ticks(1000000), rate);
    expect_equal(kerne_ticks(1), (rate + 999999) / 1000000);
    expect_equal(kerne_microseconds(rate * 5 / 2), 2500000);
    expect_equal(kerne_microseconds(kerne_ticks(days)), days);
}

static void areas_that_are_granted(void)
{
    char area[8];
    struct kerne_words m = kerne_area(KERNE_OUTPUT, KERNE_GRANT_READ, area, 8);
    expect_equal(kerne_area_bytes(&m, KERNE_GRANT_READ), 8);
    expect_equal(kerne_area_bytes(&m, KERNE_GRANT_WRITE), 0);
    expect_equal(kerne_area_bytes(&m, KERNE_GRANT_READ | KERNE_GRANT_WRITE), 0);
    m.w[KERNE_WORD_LAST] = m.w[KERNE_WORD_FIRST] - 1;
    expect_equal(kerne_area_bytes(&m, KERNE_GRANT_READ), 0);
}

/* ---- asking -------------------------------------------------------------- */

static struct test_child child;

static struct {
    char *area;
    size_t bytes, done;
    volatile uint64_t result;
} asked;

static void ask_for_input(uint64_t server)
{
    asked.result = kerne_input(server, asked.area, asked.bytes, &asked.done);
}

static void put_out(uint64_t server)
{
    asked.result = kerne_output(server, asked.area, asked.bytes, &asked.done);
}

/* Begins a client that does so with this area. */
static bool client_begins(void (*function)(uint64_t), uint64_t server,
                          char *area, size_t bytes)
{
    asked.area = area;
    asked.bytes = bytes;
    return child_run(&child, "client", 3, function, server, .tables = 6);
}

/* It has been told this, and ends. */
static void client_ends(uint64_t result, size_t done)
{
    require(expect_rests(&child));
    expect_result_of("what the client is told", asked.result, result);
    expect_equal(asked.done, done);
    child_remove(&child);
}

static void answer(const struct kerne_received *message, uint64_t result,
                   uint64_t status, uint64_t bytes)
{
    expect_result(
        kerne_send_answer(message->buffer, result, WORDS(status, bytes)),
        normal);
}

/* The next message, which is answered so. */
static struct kerne_words answered(uint64_t result, uint64_t status,
                                   uint64_t bytes)
{
    struct kerne_received message = kerne_wait_message();
    answer(&message, result, status, bytes);
    return message.words;
}

/* What came is the line, however large the area is, and none is the end of
 * input; of output, the rest goes out in further messages. */
static void how_often_it_asks(void)
{
    static const uint64_t lines[] = { 5, 0 };
    char area[64];
    for (unsigned i = 0; i < 2; i++) {
        require(client_begins(ask_for_input, KERNE_PARENT, area, 64));
        answered(KERNE_r_normal, 0, lines[i]);
        client_ends(KERNE_r_normal, lines[i]);
    }
    require(client_begins(put_out, KERNE_PARENT, area, 64));
    answered(KERNE_r_normal, 0, 60);
    struct kerne_words rest = answered(KERNE_r_normal, 0, 99);
    expect_equal(rest.w[KERNE_WORD_FIRST], (uint64_t)area + 60);
    expect_equal(rest.w[KERNE_WORD_LAST], (uint64_t)area + 64);
    client_ends(KERNE_r_normal, 64);
}

static void a_receiver_that_takes_nothing(void)
{
    char area[8];
    require(client_begins(put_out, KERNE_PARENT, area, 8));
    for (int i = 0; i < 8; i++) { answered(KERNE_r_normal, 0, 0); }
    client_ends(KERNE_r_malfunction, 0);
}

/* What the receiver found missing, the client touches, as a receiver would: so
 * its pager hears of it. */
static void what_is_missing_is_touched(void)
{
    uint64_t left;
    require(client_begins(ask_for_input, KERNE_PARENT, (char *)WINDOW, 8));
    answered(KERNE_r_malfunction, KERNE_r_missing, 0);
    struct kerne_received fault = expect_break(&child, KERNE_BREAK_PAGE_FAULT);
    expect_equal(fault.words.w[KERNE_WORD_ADDRESS], WINDOW);
    expect_result(kerne_map(child.reference, WINDOW, family_arena(), 1,
                            KERNE_READ | KERNE_WRITE, &left),
                  normal);
    expect_result(family_answer_break(fault.buffer, KERNE_AGAIN, 0), normal);
    answered(KERNE_r_malfunction, KERNE_r_missing, 3); /* a line */
    client_ends(KERNE_r_normal, 3);
}

/* ---- segments ------------------------------------------------------------ */

#define FIRST 100 /* segment */

static struct kerne_segments_done segments;

static void ask_for_segments(uint64_t server)
{
    asked.result = kerne_segments_input(server, FIRST, asked.area,
                                        asked.bytes / KERNE_SEGMENT, &segments);
    asked.done = segments.segments;
}

/* The next message asks for the area from this segment of it on. */
static void asks_from(const struct kerne_words *message, uint64_t segment)
{
    uint64_t area = (uint64_t)asked.area;
    expect_equal(message->w[KERNE_WORD_FIRST], area + segment * KERNE_SEGMENT);
    expect_equal(message->w[KERNE_WORD_LAST], area + asked.bytes);
    expect_equal(message->w[KERNE_WORD_SEGMENT], FIRST + segment);
}

/* What was not moved is asked for again, from whole segments on. */
static void segments_are_whole(void)
{
    static char area[8 * KERNE_SEGMENT];
    require(client_begins(ask_for_segments, KERNE_PARENT, area, sizeof(area)));
    struct kerne_words message =
        answered(KERNE_r_normal, 0, 2 * KERNE_SEGMENT + 1);
    asks_from(&message, 0);
    message =
        answered(KERNE_r_malfunction, KERNE_r_missing, 2 * KERNE_SEGMENT - 1);
    asks_from(&message, 2);
    message = answered(KERNE_r_normal, 0, UINT64_MAX); /* more than it has */
    asks_from(&message, 3);
    client_ends(KERNE_r_normal, 8);
}

/* An error ends it, and how far it came is told. */
static void segments_with_an_error(void)
{
    static char area[4 * KERNE_SEGMENT];
    require(client_begins(ask_for_segments, KERNE_PARENT, area, sizeof(area)));
    answered(KERNE_r_normal, 0, KERNE_SEGMENT);
    answered(KERNE_r_malfunction, KERNE_SEGMENTS_DEVICE_ERROR, KERNE_SEGMENT);
    client_ends(KERNE_r_malfunction, 1);
    expect_equal(segments.status, KERNE_SEGMENTS_DEVICE_ERROR);
    require(client_begins(ask_for_segments, KERNE_PARENT, area, sizeof(area)));
    for (int i = 0; i < 8; i++) {
        answered(KERNE_r_normal, 0, KERNE_SEGMENT - 1);
    }
    client_ends(KERNE_r_malfunction, 0);
}

/* ---- standing between ---------------------------------------------------- */

static struct test_child between;

static void relay_all(uint64_t server)
{
    for (;;) {
        struct kerne_received event = kerne_serve(0, KERNE_r_normal, WORDS(0));
        (void)relay_event(&event, server, NULL);
    }
}

static bool begin_relay(void)
{
    return child_run(&between, "relay", RELAY, relay_all, KERNE_PARENT);
}

/* Though the second one is answered first. */
static void each_client_has_its_answer(void)
{
    static const char *const names[] = { "one", "two" };
    struct actor_client client[2];
    struct test_child clients[2];
    struct kerne_received message[2];
    require(begin_relay());
    for (uint64_t i = 0; i < 2; i++) {
        client[i] = CLIENT_OF(KERNE_ADDRESS(1, RELAY), 400, i);
        require(child_run(&clients[i], names[i], i, actor_client, &client[i]));
        message[i] = kerne_wait_message();
        expect_equal(message[i].words.w[1], i);
    }
    answer(&message[1], KERNE_r_normal, 0, 20);
    answer(&message[0], KERNE_r_rejected, 0, 10);
    for (uint64_t i = 0; i < 2; i++) {
        require(expect_rests(&clients[i]));
        expect_result_of(names[i], client[i].result,
                         i == 0 ? KERNE_r_rejected : KERNE_r_normal);
        expect_equal(client[i].answer.w[1], 10 * (i + 1));
        child_remove(&clients[i]);
    }
    child_remove(&between);
}

/* The server has the relay's area; the client gets what came into it, and not
 * what the server only says that there is. */
static void an_area_is_cut(void)
{
    static const char text[] = "0123456789abcdef";
    char area[32] = "";
    uint64_t bytes;
    require(begin_relay());
    require(client_begins(ask_for_input, KERNE_ADDRESS(1, RELAY), area, 10));
    struct kerne_received message = kerne_wait_message();
    expect_equal(kerne_area_bytes(&message.words, KERNE_GRANT_WRITE), 10);
    expect(message.words.w[KERNE_WORD_FIRST] != (uint64_t)area);
    expect_result(
        kerne_general_copy(message.buffer, KERNE_STORE, 0, text, 10, &bytes),
        normal);
    answer(&message, KERNE_r_normal, 0, 16);
    client_ends(KERNE_r_normal, 10);
    expect(memcmp(area, text, 10) == 0);
    expect_equal(area[10], 0);
    child_remove(&between);
}

/* What a client asked that is gone is regretted with the next message. */
static void a_client_that_is_gone(void)
{
    struct actor_client client = CLIENT_OF(KERNE_ADDRESS(1, RELAY), 400, 1);
    require(begin_relay());
    require(child_run(&child, "client", 3, actor_client, &client));
    struct kerne_received message = kerne_wait_message();
    child_remove(&child);
    client.message.w[1] = 2;
    require(child_run(&child, "client", 3, actor_client, &client));
    expect_equal(answered(KERNE_r_normal, 0, 0).w[1], 2);
    expect_result(kerne_send_answer(message.buffer, KERNE_r_normal, WORDS(0)),
                  gone);
    require(expect_rests(&child));
    expect_result(client.result, normal);
    child_remove(&child);
    child_remove(&between);
}

/* Names in messages to a console mean children of who sends: they stay here. */
static void names_stay_with_their_sender(void)
{
    struct actor_client client = CLIENT_OF(
        KERNE_ADDRESS(1, RELAY), KERNE_OPERATION(KERNE_CONSOLE_PASS, 0), 'a');
    require(begin_relay());
    require(child_run(&child, "client", 3, actor_client, &client));
    require(expect_rests(&child));
    expect_result(client.result, unintelligible);
    child_remove(&child);
    client.message.w[0] = KERNE_OPERATION(KERNE_SENSE, 0);
    require(child_run(&child, "client", 3, actor_client, &client));
    expect_equal(answered(KERNE_r_normal, 0, 0).w[1], 0);
    require(expect_rests(&child));
    child_remove(&child);
    child_remove(&between);
}

const struct test tests[] = {
    { "library.storage_for_malloc", storage_for_malloc, .as_root = true },
    { .name = "library.in_words", .function = in_words },
    { .name = "library.names_as_words", .function = names_as_words },
    { "library.ticks_and_microseconds", ticks_and_microseconds,
      .as_root = true },
    { .name = "library.areas_that_are_granted",
      .function = areas_that_are_granted },
    { .name = "library.how_often_it_asks", .function = how_often_it_asks },
    { .name = "library.a_receiver_that_takes_nothing",
      .function = a_receiver_that_takes_nothing },
    { .name = "library.what_is_missing_is_touched",
      .function = what_is_missing_is_touched },
    { .name = "library.segments_are_whole", .function = segments_are_whole },
    { .name = "library.segments_with_an_error",
      .function = segments_with_an_error },
    { .name = "library.relay.each_client_has_its_answer",
      .function = each_client_has_its_answer },
    { .name = "library.relay.an_area_is_cut", .function = an_area_is_cut },
    { .name = "library.relay.a_client_that_is_gone",
      .function = a_client_that_is_gone },
    { .name = "library.relay.names_stay_with_their_sender",
      .function = names_stay_with_their_sender },
    { NULL },
};
