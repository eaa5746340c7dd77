/* The checks find what they are there for: each rule of a small world is broken
 * in one place, told by its name, and mended again. */
#include <check/check.h>
#include <string.h>

#include "rig.h"

static struct process *root, *anna, *bert, *fred;
static struct buffer *queued, *answered, *received, *broken;

#define BASE UINT64_C(0x80400000)

/* The first broken rule is this one. */
static void tells(const char *(*check)(void), const char *rule)
{
    const char *told = check();
    if (told == NULL || strcmp(told, rule) != 0) {
        tap_remark("expected `%s`, told was `%s`", rule, told ? told : "none");
        EXPECT(false);
    }
}

#define BREAK_IN(check, place, value, rule)   \
    do {                                      \
        __typeof__(place) kept = (place);     \
        (place) = (__typeof__(place))(value); \
        tells(check, rule);                   \
        (place) = kept;                       \
        EXPECT((check)() == NULL);            \
    } while (0)
#define BREAK(place, value, rule) BREAK_IN(check_rules, place, value, rule)

static struct buffer *sent(struct process *from, uint64_t to)
{
    RESULT(CALL(from, send_message, to, { 8, 9 }), normal);
    return message_find(from->x[R_A0]);
}

/* fred is anna's child.  bert has something of each kind: a message and an
 * answer in its queue, a message that it works on, and one in use. */
static void begin(void)
{
    root = rig_begin(20, 40, 90);
    anna = rig_child(root, "anna", 1);
    bert = rig_child(root, "bert", 2);
    fred = rig_child(anna, "fred", 1);
    received = sent(anna, KERNE_ADDRESS(1, 2));
    RESULT(CALL(bert, get_event, received->identity), normal);
    queued = sent(anna, KERNE_ADDRESS(1, 2));
    answered = sent(bert, KERNE_VACANT);
    EQUAL(rig_touch(fred, BASE, KERNE_READ, &(uint64_t){ 0 }), RIG_BROKE);
    broken = fred->breaks;
    EXPECT(check_rules() == NULL);
}

TEST("rules.messages")
{
    begin();
    BREAK(queued->event.previous, &queued->event,
          "M1: a queue's links disagree");
    BREAK(queued->receiver, anna, "M1: a message in a foreign queue");
    BREAK(queued->state, KERNE_ANSWERED, "M1: an event in a foreign queue");
    BREAK(answered->state, KERNE_FREE, "M1: an event in a foreign queue");
    BREAK(answered->regretted, 1, "M3: an answer to a regretted message");
    BREAK(bert->serving, queued,
          "M2: a process works on a message that it does not hold");
    BREAK(received->receiver, anna,
          "M2: a process works on a message that it does not hold");
    BREAK(bert->wait, bert->wait | WAIT_QUICK, "M5: quick, and does not wait");
    BREAK(bert->wait, KERNE_WAITS_MESSAGE,
          "M4: it waits, and a message is there");
    BREAK(bert->wait, KERNE_WAITS_EVENT, "M4: it waits, and an event is there");
    BREAK(bert->wait, KERNE_WAITS_ANSWER,
          "M4: it waits for an answer that cannot come");
    BREAK(bert->wait, 99, "M4: an unknown wait");
}

TEST("rules.breaks")
{
    begin();
    BREAK(broken->is_break, false, "B1: the buffer of a process's breaks");
    BREAK(broken->sender, anna, "B1: another's break");
    BREAK(bert->wait, KERNE_WAITS_BREAK,
          "B1: in a break that nobody knows of, or known to be, and in none");
    BREAK(bert->breaks, broken, "B1: another's break");
}

TEST("rules.claims")
{
    begin();
    BREAK(anna->claims[BUFFERS].given, 0, "L1: buffers");
    BREAK(fred->claims[PROCESSES].received, 99, "L1: processes");
    BREAK(fred->claims[TABLES].received, 99, "L1: tables");
    BREAK(anna->claims[PROCESSES].free, 0, "L1: the count of children");
    BREAK(anna->claims[TABLES].free, 0, "L1: the tables in use");
    BREAK(queued->claim.previous, &queued->claim, "L3: the links of a claim");
    BREAK(queued->sender, bert, "L3: a buffer of another claim");
    BREAK(anna->spare, queued,
          "L3: a free buffer in use, or a spare one that is not free");
    BREAK(bert->claims[BUFFERS].free, 0, "L3: the count of buffers in use");
    BREAK(nucleus.never_used_buffer, nucleus.never_used_buffer + 1,
          "L2: the pool and the claims disagree");
    BREAK(nucleus.never_used_buffer, nucleus.buffer_limit,
          "L2: a break's buffer has been given away");
}

TEST("rules.the_tree")
{
    begin();
    BREAK(fred->sibling.previous, &fred->sibling,
          "P1: the links among children");
    BREAK(fred->parent, bert, "P1: a child's parent");
    BREAK(fred->display[2], 0, "N1: the display's own end");
    BREAK(fred->display[1], 0, "N1: the display");
    BREAK(fred->number, 2, "N2: the slot of a child number");
    BREAK(fred->name[0], 1, "N3: a child is not found by its name");
    BREAK(fred->named_by, NULL, "N3: the chains of names");
}

TEST("rules.storage")
{
    uint64_t page = BASE / KERNE_PAGE, physical;
    root = rig_begin(20, 40, 90);
    anna = rig_child(root, "anna", 1);
    fred = rig_child(anna, "fred", 1);
    RESULT(rig_map(root, anna, BASE, RIG_STORAGE, 1, KERNE_READ), normal);
    RESULT(rig_map(anna, fred, BASE, BASE, 1, KERNE_READ), normal);
    RESULT(rig_touch(fred, BASE, KERNE_READ, &physical), normal);
    uint64_t *entry = storage_entry(fred, page);
    uint64_t *origin = storage_entry(anna, page);
    uint32_t *frame =
        &nucleus.frames[machine_entry_frame(*entry) - nucleus.first_frame];
    BREAK(*entry, *entry + machine_entry_leaf(UINT64_C(1), 0),
          "S2: the frame of an entry");
    BREAK(*entry, *entry ^ machine_entry_leaf(UINT64_C(0), KERNE_WRITE),
          "S2: the rights of an entry");
    BREAK(*origin, 0, "S3: what an entry was composed from is not cached");
    BREAK(*frame, 0,
          "S3: an entry is not in its frame's list before its "
          "origin");
    BREAK(fred->windows->pages, 2, "S1: the count of windows");
    BREAK(fred->windows->payer, anna, "S5: who pays for tables");
    BREAK(fred->sharers.next, NULL, "S5: the links among those that share");
}

/* To the end of a ring; of its own, which is none. */
static void moves(struct link *turn, struct link *ring)
{
    link_remove(turn);
    link_begin(turn);
    if (ring != turn) { link_insert(ring, turn); }
}

TEST("rules.time_and_turns")
{
    begin();
    BREAK(fred->credit, INT64_MIN, "T3: a debt of more than a slice");
    BREAK(bert->turn.previous, NULL, "T1: the links of a ring");
    BREAK_IN(check_current, this_hart->account, fred,
             "T3: time is charged to another account");
    BREAK_IN(check_current, this_hart->current->suspended, KERNE_SUSPENDED_STOP,
             "P3: a process that is suspended runs");
    moves(&fred->turn, &root->turns);
    tells(check_rules, "T1: another's child in a ring");
    moves(&fred->turn, &fred->turn);
    rig_run(anna);
    moves(&bert->turn, &bert->turn);
    tells(check_rules, "T1: a ready process is not in the rings");
    moves(&bert->turn, &root->turns);
    EXPECT(check_rules() == NULL);
}

TEST("rules.external_processes")
{
    begin();
    RESULT(CALL(root, send_message, KERNE_ADDRESS(0, KERNE_EXTERNAL),
                { KERNE_OPERATION(KERNE_CLOCK_UNTIL, 0), UINT64_MAX }),
           normal);
    BREAK(nucleus.heap[1]->place, 2, "E1: the clock's heap");
    BREAK(nucleus.heap_size, 0, "M2: what external processes hold");
    BREAK(nucleus.lines[1].waiting, queued,
          "E2: at a line waits another than its user");
    BREAK(nucleus.lines[1].user, process_at(0),
          "E3: the user of a line does not live");
}
