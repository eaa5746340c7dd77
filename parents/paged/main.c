/*
 * paged OPTIONS PROGRAM ARGUMENTS, PROGRAM ARGUMENTS, ...: an operating system
 * whose children have more storage than it has itself:
 *
 *     paged frames=12 policy=clock primes 1000
 *
 * At the end it says what that took, and draws when pages were missing.
 */
#include <pager.h>

static struct pager pager;
static struct pager_order order;

static bool event(struct parent *parent, const struct kerne_received *received)
{
    (void)parent;
    return pager_event(&pager, received);
}

static void report(void)
{
    const struct pager_counts *counts = &pager.counts;
    parent_say(&pager.parent,
               "paged frames=%lu policy=%s: %lu faults for a page, %lu of them "
               "for a new one; %lu for a first store; %lu pages written",
               (unsigned long)order.frames, order.policy->name,
               (unsigned long)counts->brought, (unsigned long)counts->made,
               (unsigned long)counts->stored, (unsigned long)counts->written);
    pager_draw(&pager, "faults for a page");
}

int main(int argc, char **argv)
{
    struct parent *parent = &pager.parent;
    parent->event = event;
    parent_begin(parent);
    int words = pager_options(argc, argv, &order);
    if (order.bytes == 0) {
        order.bytes = storage_free(&parent->storage) * KERNE_PAGE;
    }
    pager_begin(&pager, &order);
    pager_present(&pager, &order);
    parent_run_all(parent, argc - words, argv + words);
    parent_serve(parent);
    report();
    return parent->status;
}
