/*
 * paged OPTIONS PROGRAM ARGUMENTS, PROGRAM ARGUMENTS, ...: an operating system
 * whose children have more storage than it has itself:
 *
 *     paged frames=12 policy=clock primes 1000
 *
 * At the end it says what that took, and draws when pages were missing.
 */
#include <chart.h>
#include <pager.h>
#include <text.h>

#define LEAST_COLUMN 10 /* microseconds */

static struct pager pager;
static struct chart chart;
static struct pager_order order = { .frames = 32, .room = "plain" };

/* ---- its arguments ------------------------------------------------------- */

/* What stands behind `name=`; null: the word is something else. */
static const char *value_of(const char *word, const char *name)
{
    size_t length = strlen(name);
    bool is_it = strncmp(word, name, length) == 0 && word[length] == '=';
    return is_it ? word + length + 1 : NULL;
}

static uint64_t number_of(const char *word, const char *value)
{
    uint64_t number;
    if (!text_to_number(value, &number) || number > INT32_MAX) {
        kerne_give_up("it expected a number in `%s`", word);
    }
    return number;
}

static const struct policy *policy_of(const char *value)
{
    const struct policy *policy = policy_named(value);
    if (policy == NULL) {
        kerne_give_up("it knows the policies fifo, clock and ws; not `%s`",
                      value);
    }
    return policy;
}

static bool read_option(const char *word)
{
    const char *value;
    if ((value = value_of(word, "frames")) != NULL) {
        order.frames = number_of(word, value);
    } else if ((value = value_of(word, "size")) != NULL) {
        order.bytes = number_of(word, value);
    } else if ((value = value_of(word, "policy")) != NULL) {
        order.policy = policy_of(value);
    } else if ((value = value_of(word, "window")) != NULL) {
        order.window = kerne_ticks(1000 * number_of(word, value));
    } else {
        return false;
    }
    return true;
}

/* Returns how many words of the arguments are options. */
static int read_options(int argc, char **argv)
{
    int words = 0;
    order.policy = policy_of("clock");
    order.window = kerne_ticks(10000);
    while (words + 1 < argc && read_option(argv[words + 1])) { words++; }
    order.children = parent_commands(argc - words, argv + words);
    if (order.children == 0) {
        kerne_give_up("its arguments name no program to run");
    }
    if (order.bytes == 0) {
        order.bytes = storage_free(&pager.parent.storage) * KERNE_PAGE;
    }
    return words;
}

/* ---- what it does -------------------------------------------------------- */

static void faulted(void) { chart_note(&chart, kerne_get_clock()); }

static bool event(struct parent *parent, const struct kerne_received *received)
{
    (void)parent;
    return pager_event(&pager, received);
}

static void report(void)
{
    const struct pager_counts *counts = &pager.counts;
    char row[CHART_COLUMNS + 1];
    parent_say(&pager.parent,
               "paged frames=%lu policy=%s: %lu faults for a page, %lu of them "
               "for a new one; %lu for a first store; %lu pages written",
               (unsigned long)order.frames, order.policy->name,
               (unsigned long)counts->brought, (unsigned long)counts->made,
               (unsigned long)counts->stored, (unsigned long)counts->written);
    if (counts->brought == 0) { return; }
    parent_say(&pager.parent,
               "faults for a page; a column is %lu us, its height %lu faults:",
               (unsigned long)kerne_microseconds(chart.width),
               (unsigned long)chart_highest(&chart));
    for (unsigned i = 0; i < CHART_ROWS; i++) {
        chart_row(&chart, i, row);
        parent_say(&pager.parent, "|%s", row);
    }
}

int main(int argc, char **argv)
{
    struct parent *parent = &pager.parent;
    parent->event = event;
    parent_begin(parent);
    int words = read_options(argc, argv);
    order.faulted = faulted;
    pager_begin(&pager, &order);
    parent_present(parent, "console", parent->console.address);
    parent_present(parent, "clock", parent->clock);
    parent_run_all(parent, argc - words, argv + words);
    chart_begin(&chart, kerne_get_clock(), kerne_ticks(LEAST_COLUMN));
    parent_serve(parent);
    report();
    return parent->status;
}
