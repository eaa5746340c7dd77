/* Moves a running program to another system, with all rights.
 *
 *     receive                      takes what comes
 *     TO MICROSECONDS PROGRAM      runs the program, and moves it after a while
 */
#include <move.h>
#include <skeleton.h>
#include <stdlib.h>

static struct parent mine;
static struct child_order order;
static struct child *child;
static struct move_record record __attribute__((aligned(8)));
static uint64_t target, alarm;
static bool is_over; /* received: something has come */

/* ---- yours -------------------------------------------------------------- */

/* May the child be moved now, while it is stopped?  Nobody waits for it, and it
 * waits for nobody. */
static bool may_go(void)
{
    struct kerne_process_record process;
    struct kerne_sent_record sent;
    struct kerne_tree_record tree;
    uint64_t buffer = 0;
    return kerne_describe_process(child->reference, &process) ==
               KERNE_r_normal &&
           process.waits == KERNE_WAITS_NOT &&
           kerne_describe_sent(child->reference, &buffer, &sent) !=
               KERNE_r_normal &&
           kerne_describe_tree(child->reference, &tree) == KERNE_r_normal &&
           tree.first_child == 0;
}

/* Notes in the record what the child is. */
static void pack(void)
{
    struct kerne_window_record window;
    uint64_t page = 0;
    memcpy(record.name, child->name, sizeof record.name);
    record.pages = child->run.pages;
    record.windows = 0;
    while (record.windows < MOVE_WINDOWS &&
           kerne_describe_window(child->reference, &page, &window) ==
               KERNE_r_normal) {
        if (window.pages > 0) {
            record.window[record.windows++] =
                (struct move_window){ window.address,
                                      window.in_parent - child->run.first,
                                      window.pages, window.rights };
        }
    }
    (void)kerne_read_registers(child->reference, &record.registers);
}

/* Makes a child of the record, whose storage has come already; false: it cannot
 * be. */
static bool unpack(void)
{
    for (uint64_t i = 0; i < record.windows && i < MOVE_WINDOWS; i++) {
        const struct move_window *w = &record.window[i];
        uint64_t left;
        if (w->offset / KERNE_PAGE > child->run.pages ||
            w->pages > child->run.pages - w->offset / KERNE_PAGE ||
            kerne_map(child->reference, w->address,
                      child->run.first + w->offset, w->pages,
                      KERNE_READ | KERNE_WRITE | KERNE_EXECUTE,
                      &left) != KERNE_r_normal) {
            return false;
        }
    }
    return kerne_modify(child->reference, &record.registers) == KERNE_r_normal;
}

/* ---- from here ----------------------------------------------------------- */

static void set_alarm(uint64_t microseconds)
{
    struct kerne_words delay = { { KERNE_OPERATION(KERNE_CLOCK_DELAY, 0),
                                   kerne_ticks(microseconds) } };
    (void)kerne_send_message(mine.clock, &delay, &alarm);
}

static bool hand_over(uint64_t operation, const void *first, uint64_t bytes)
{
    struct kerne_words answer,
        message = kerne_area(operation, KERNE_GRANT_READ, first, bytes);
    return kerne_converse(target, &message, &answer) == KERNE_r_normal;
}

static void move_or_wait(void)
{
    if (child->state != CHILD_STARTED || !child_stop(&mine, child)) { return; }
    if (!may_go()) {
        child_start(&mine, child);
        set_alarm(200);
        return;
    }
    pack();
    if (hand_over(MOVE_RECORD, &record, sizeof record) &&
        hand_over(MOVE_STORAGE, (const void *)child->run.first,
                  child->run.pages * KERNE_PAGE)) {
        child_remove(&mine, child);
    } else {
        child_start(&mine, child);
    }
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

/* ---- events --------------------------------------------------------------- */

static bool event(struct parent *parent, const struct kerne_received *received)
{
    uint64_t operation = kerne_operation_of(&received->words);
    if (KERNE_EVENT_KIND(received->event) == KERNE_ANSWER) {
        bool is_alarm = alarm != 0 && received->buffer == alarm;
        if (is_alarm) {
            alarm = 0;
            move_or_wait();
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
