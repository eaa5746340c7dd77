#include "climb.h"

#define FRONT 300
#define REPORT KERNE_OPERATION(17, 0)

uint64_t climb_data[KERNE_PAGE / 8] __attribute__((aligned(KERNE_PAGE)));
uint64_t climb_other[KERNE_PAGE / 8] __attribute__((aligned(KERNE_PAGE)));

__asm__(".pushsection .text.climb_code, \"ax\", @progbits\n"
        ".balign 4096\n"
        ".globl climb_code\n"
        "climb_code: li a0, 0x2a\n"
        "ret\n"
        ".balign 4096\n"
        ".popsection\n");

static struct {
    uint64_t depth;
    uint64_t front;  /* the pseudo process that leads to the root */
    uint64_t report; /* the leaf's message, which waits for an order */
    volatile uint64_t noticed;
    struct test_child child[CLIMB_DEPTHS + 1]; /* by depth */
    struct kerne_received seen[CLIMB_DEPTHS + 1];
} climb;

/* ---- the processes of the chain ----------------------------------------- */

/* A load into the register of its address, which keeps that if it is skipped.
 */
static uint64_t load(const volatile uint64_t *word)
{
    register uint64_t a0 __asm__("a0") = (uint64_t)word;
    __asm__ volatile(".option push\n.option norvc\n"
                     "ld a0, 0(a0)\n"
                     ".option pop"
                     : "+r"(a0)
                     :
                     : "memory");
    return a0;
}

static uint64_t obey(enum climb_order order)
{
    switch (order) {
    case CLIMB_READ: return load(climb_data);
    case CLIMB_WRITE:
        *(volatile uint64_t *)climb_data = CLIMB_WRITTEN;
        return CLIMB_WRITTEN;
    case CLIMB_EXECUTE: return climb_code();
    }
    return 0;
}

static void leaf(uint64_t depth)
{
    struct kerne_words report = { { REPORT } };
    for (;;) {
        struct kerne_words order;
        kerne_converse(KERNE_ADDRESS(depth, FRONT), &report, &order);
        report.w[1] = obey((enum climb_order)order.w[0]);
    }
}

static void link(uint64_t depth);

static void make_below(uint64_t depth)
{
    bool last = depth + 1 == climb.depth;
    require(child_run(&climb.child[depth + 1], "link", CLIMB_LINK,
                      last ? leaf : link, depth + 1,
                      .processes = last ? 0 : climb.depth - depth));
}

/* A parent between: nothing should ever come to it.  If a break does, it is
 * not its own matter, but its own child's it ends. */
static void link(uint64_t depth)
{
    make_below(depth);
    struct kerne_words answer = { { 0 } };
    uint64_t buffer = 0;
    for (;;) {
        struct kerne_received r = kerne_serve(buffer, KERNE_r_normal, &answer);
        climb.seen[depth] = r;
        climb.noticed++;
        buffer = r.buffer;
        answer = r.sender & KERNE_SENDER_INSIDE ? *WORDS(KERNE_NOT_MINE)
                                                : *WORDS(KERNE_GO_ON);
    }
}

/* ---- for the root ------------------------------------------------------- */

static struct kerne_received keep(struct kerne_received event)
{
    if (KERNE_EVENT_KIND(event.event) == KERNE_MESSAGE) {
        climb.report = event.buffer;
    }
    return event;
}

bool climb_begin(uint64_t depth)
{
    climb.depth = depth;
    climb.noticed = 0;
    memset(climb.seen, 0, sizeof climb.seen);
    if (!expect_result(
            kerne_create_pseudo(0, "front", FRONT, KERNE_SELF, &climb.front),
            normal)) {
        return false;
    }
    make_below(0);
    if (expect_failures() > 0) { return false; }
    struct kerne_received event = keep(family_next());
    return expect_equal(KERNE_EVENT_KIND(event.event), KERNE_MESSAGE) &&
           expect_equal(event.words.w[0], REPORT);
}

struct kerne_received climb_order(enum climb_order order)
{
    return keep(kerne_serve(climb.report, KERNE_r_normal, WORDS(order)));
}

struct kerne_received climb_answer(const struct kerne_received *event,
                                   enum kerne_action action)
{
    return keep(kerne_serve(event->buffer, KERNE_r_normal, WORDS(action)));
}

void climb_expect_report(const struct kerne_received *event, uint64_t word)
{
    expect_equal(KERNE_EVENT_KIND(event->event), KERNE_MESSAGE);
    expect_equal(event->words.w[0], REPORT);
    expect_equal(event->words.w[1], word);
}

uint64_t climb_noticed(void) { return climb.noticed; }

const struct kerne_received *climb_seen(uint64_t depth)
{
    return &climb.seen[depth];
}

uint64_t climb_top(void) { return climb.child[1].reference; }

void climb_end(void)
{
    expect_result(child_remove(&climb.child[1]), normal);
    /* The leaf is gone; its last message is still the root's to answer. */
    expect_result(kerne_send_answer(climb.report, KERNE_r_normal, WORDS(0)),
                  gone);
    expect_result(kerne_remove(climb.front), normal);
    expect(family_reset());
}
