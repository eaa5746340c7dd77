/* The event queue: wait event, get event, test event, wait message. */
#include "rig.h"

static struct process *root, *anna, *bert;

static void begin(void)
{
    root = rig_begin(20, 40, 60);
    anna = rig_child(root, "anna", 1);
    bert = rig_child(root, "bert", 2);
}

/* From bert to anna. */
static uint64_t sent(void)
{
    RESULT(CALL(bert, send_message, KERNE_ADDRESS(1, 1), { 8, 9 }), normal);
    return bert->x[R_A0];
}

/* An answer for anna, that nobody sends. */
static uint64_t answered(void)
{
    RESULT(CALL(anna, send_message, KERNE_VACANT, { 8, 9 }), normal);
    return anna->x[R_A0];
}

#define NOT_RECEIVED (KERNE_ANSWER | KERNE_r_does_not_exist << 8)

static void order_of_arrival(void)
{
    begin();
    uint64_t events[4] = { sent(), answered(), sent(), answered() };
    uint64_t last = 0;
    for (int i = 0; i < 4; i++) {
        EQUAL(CALL(anna, wait_event, last),
              i % 2 == 0 ? KERNE_MESSAGE : NOT_RECEIVED);
        EQUAL(anna->x[R_A0], events[i]);
        EQUAL(anna->x[R_FUNCTION], i % 2 == 0 ? KERNE_ADDRESS(1, 2) : 0);
        last = events[i];
    }
    EQUAL(CALL(anna, wait_event, last), RIG_WAITS);
    uint64_t next = sent();
    EQUAL(rig_result(anna), KERNE_MESSAGE);
    EQUAL(anna->x[R_A0], next);
}

static void get_from_the_middle(void)
{
    begin();
    uint64_t first = sent(), middle = answered(), last = sent();
    RESULT(CALL(anna, get_event, middle), normal);
    RESULT(CALL(anna, get_event, middle), gone);
    EQUAL(look_free(anna, BUFFERS), 4);
    EQUAL(CALL(anna, test_event, first), KERNE_MESSAGE);
    EQUAL(anna->x[R_A0], last);
    RESULT(CALL(anna, get_event, last), normal);
    RESULT(CALL(anna, send_answer, last, { 0 }, 1), normal);
    RESULT(CALL(anna, send_answer, first, { 0 }, 1), gone);
}

static void get_refused(void)
{
    begin();
    uint64_t buffer = sent();
    RESULT(CALL(bert, get_event, buffer), gone);
    RESULT(CALL(anna, get_event, 0), gone);
    RESULT(CALL(anna, get_event, UINT64_MAX), gone);
    RESULT(CALL(anna, get_event, buffer + 1), gone);
    RESULT(CALL(anna, get_event, buffer), normal);
    RESULT(CALL(anna, get_event, buffer), gone);
}

static void last_is_gone(void)
{
    begin();
    uint64_t first = sent(), second = sent();
    RESULT(CALL(bert, regret_message, first), normal);
    EQUAL(CALL(anna, wait_event, first), KERNE_MESSAGE | KERNE_EVENT_LAST_GONE);
    EQUAL(anna->x[R_A0], second);
    EQUAL(CALL(anna, wait_event, second), RIG_WAITS);
    RESULT(CALL(bert, regret_message, second), normal);
    sent();
    EQUAL(rig_result(anna), KERNE_MESSAGE | KERNE_EVENT_LAST_GONE);
}

/* The last one goes while p waits behind it: the others are told. */
static void last_goes_while_waiting(void)
{
    begin();
    uint64_t first = sent(), second = sent();
    EQUAL(CALL(anna, wait_event, second), RIG_WAITS);
    RESULT(CALL(bert, regret_message, second), normal);
    EQUAL(rig_result(anna), KERNE_MESSAGE | KERNE_EVENT_LAST_GONE);
    EQUAL(anna->x[R_A0], first);
}

static void test_event(void)
{
    begin();
    EQUAL(CALL(anna, test_event, 0), KERNE_NO_EVENT);
    EQUAL(anna->x[R_A0] | anna->x[R_FUNCTION] | rig_word(anna, 0), 0);
    EQUAL(CALL(anna, test_event, 77), KERNE_NO_EVENT | KERNE_EVENT_LAST_GONE);
    uint64_t buffer = sent();
    EQUAL(CALL(anna, test_event, 0), KERNE_MESSAGE);
    EQUAL(CALL(anna, test_event, 0), KERNE_MESSAGE);
    EQUAL(CALL(anna, test_event, buffer), KERNE_NO_EVENT);
}

static void wait_message_passes_answers_over(void)
{
    begin();
    answered();
    uint64_t buffer = sent();
    answered();
    EQUAL(CALL(anna, wait_message, 0), KERNE_MESSAGE);
    EQUAL(anna->x[R_A0], buffer);
    EQUAL(CALL(anna, wait_message, 0), RIG_WAITS);
    EQUAL(look_free(anna, BUFFERS), 2);
    sent();
    EQUAL(rig_result(anna), KERNE_MESSAGE);
    RESULT(CALL(anna, send_message, KERNE_ADDRESS(1, 2)), normal);
    uint64_t asked = anna->x[R_A0];
    EQUAL(CALL(anna, wait_message, 0), RIG_WAITS);
    EQUAL(CALL(bert, wait_message, 0), KERNE_MESSAGE);
    RESULT(CALL(bert, send_answer, asked, { 0 }, 1), normal);
    EQUAL(process_wait(anna), KERNE_WAITS_MESSAGE);
}

static void serve_takes_what_is_first(void)
{
    begin();
    uint64_t answer = answered(), message = sent();
    EQUAL(CALL(anna, serve, 0), NOT_RECEIVED);
    EQUAL(anna->x[R_A0], answer);
    EQUAL(look_free(anna, BUFFERS), 4);
    EQUAL(CALL(anna, serve, 0), KERNE_MESSAGE);
    EQUAL(anna->x[R_A0], message);
    RESULT(CALL(anna, send_answer, message, { 0 }, 1), normal);
}

static void breaks_are_events(void)
{
    begin();
    struct call creation = rig_creation("mute", 3);
    creation.w[6] = KERNE_MASK_FOREIGN;
    struct process *mute = rig_create(root, creation);
    EQUAL(CALL(mute, get_clock, 11, { 12, 13, 14, 15, 16 }), RIG_BROKE);
    EQUAL(CALL(root, wait_event, 0), KERNE_BREAK);
    EQUAL(root->x[R_FUNCTION], KERNE_ADDRESS(0, 3));
    EQUAL(rig_word(root, 0), KERNE_BREAK_CALL);
    EQUAL(rig_word(root, 1), KERNE_get_clock);
    for (unsigned i = 0; i < 6; i++) { EQUAL(rig_word(root, 2 + i), 11 + i); }
}

static const struct test tests[] = {
    { "event.order_of_arrival", order_of_arrival },
    { "event.get_event.from_the_middle", get_from_the_middle },
    { "event.get_event.refused", get_refused },
    { "event.wait_event.last_is_gone", last_is_gone },
    { "event.wait_event.last_goes_meanwhile", last_goes_while_waiting },
    { "event.test_event", test_event },
    { "event.wait_message.passes_answers_over",
      wait_message_passes_answers_over },
    { "event.serve.takes_what_is_first", serve_takes_what_is_first },
    { "event.breaks_are_events", breaks_are_events },
};

RIG_MAIN(tests)
