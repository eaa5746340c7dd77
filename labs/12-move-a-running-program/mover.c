/* The part of lab 12 that is there: a system that runs a program and moves it
 * after a while, or takes what comes.
 *
 *     receive
 *     TO MICROSECONDS PROGRAM */
#include <move.h>
#include <stdlib.h>

/* Both grant reading: the record, and then the program's storage. */
#define MOVE_RECORD 40
#define MOVE_STORAGE 41
#define AGAIN 200 /* microseconds, until it is asked again */

struct parent mine;
struct child *child;
struct move_record record __attribute__((aligned(8)));
static struct child_order order;
static uint64_t target, alarm;
static bool is_over; /* something has come, or was refused */

static void set_alarm(uint64_t microseconds)
{
    struct kerne_words delay = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                   kerne_ticks(microseconds) } };
    (void)kerne_send_message(mine.clock, &delay, &alarm);
}

static bool tell(uint64_t operation, const void *first, uint64_t bytes)
{
    struct kerne_words answer,
        message = kerne_area(operation, KERNE_GRANT_READ, first, bytes);
    return kerne_converse(target, &message, &answer) == KERNE_r_normal;
}

bool hand_over(void)
{
    return tell(MOVE_RECORD, &record, sizeof record) &&
           tell(MOVE_STORAGE, (const void *)child->run.first,
                child->run.pages * KERNE_PAGE);
}

/* ---- to there ------------------------------------------------------------ */

static bool take_record(const struct kerne_received *received)
{
    uint64_t bytes;
    if (child != NULL || is_over ||
        kerne_general_copy(received->buffer, KERNE_FETCH, 0, &record,
                           sizeof record, &bytes) != KERNE_r_normal) {
        return false;
    }
    record.name[KERNE_NAME_BYTES - 1] = 0;
    order.name = record.name;
    order.bytes = record.pages * KERNE_PAGE;
    return record.pages < 1024 * 1024 && child_create(&mine, &order, &child);
}

static bool take_storage(const struct kerne_received *received)
{
    uint64_t bytes;
    return child != NULL && child->state == CHILD_CREATED &&
           kerne_general_copy(
               received->buffer, KERNE_FETCH, 0, (void *)child->run.first,
               child->run.pages * KERNE_PAGE, &bytes) == KERNE_r_normal &&
           unpack() && child_start(&mine, child);
}

/* ---- events -------------------------------------------------------------- */

static bool event(struct parent *parent, const struct kerne_received *received)
{
    uint64_t operation = kerne_operation_of(&received->words);
    if (KERNE_EVENT_KIND(received->event) == KERNE_ANSWER) {
        bool is_alarm = alarm != 0 && received->buffer == alarm;
        if (is_alarm) {
            alarm = 0;
            if (child->state == CHILD_STARTED && !move()) { set_alarm(AGAIN); }
        }
        return is_alarm;
    }
    if (KERNE_EVENT_KIND(received->event) != KERNE_MESSAGE || target != 0 ||
        (operation != MOVE_RECORD && operation != MOVE_STORAGE)) {
        return false;
    }
    bool is_good = operation == MOVE_RECORD ? take_record(received)
                                            : take_storage(received);
    is_over = is_over || !is_good || operation == MOVE_STORAGE;
    if (!is_good && child != NULL && child->state == CHILD_CREATED) {
        child_remove(parent, child);
    }
    kerne_send_answer(received->buffer,
                      is_good ? KERNE_r_normal : KERNE_r_rejected,
                      &received->words);
    return true;
}

int main(int argc, char **argv)
{
    mine.event = event;
    parent_begin(&mine);
    parent_present(&mine, "console", mine.console.address);
    parent_present(&mine, "clock", mine.clock);
    order = parent_order(&mine, 1);
    order.image = (struct kerne_range){ 0 };
    if (argc < 4) {
        while (!is_over) { parent_serve_one(&mine); }
        return parent_serve(&mine);
    }
    parent_needs_image(&mine);
    target = kerne_find(argv[1]);
    child = parent_make(&mine, argv[3], &order);
    if (child == NULL) { return 1; }
    child_start(&mine, child);
    set_alarm(strtoul(argv[2], NULL, 10));
    return parent_serve(&mine);
}
