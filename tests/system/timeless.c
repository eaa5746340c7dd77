/*
 * timeless: runs a store above `disk`, and a client of it, where the clock in
 * sight is one that does not answer any more; for store_nested.py.
 */
#include <skeleton.h>

static struct parent timeless;

static void run(const char *name, const char *command)
{
    struct child_order order = parent_order(&timeless, 2);
    order.name = name;
    struct child *child = parent_make(&timeless, command, &order);
    if (child == NULL || !child_start(&timeless, child)) {
        kerne_give_up("%s: %s", name, timeless.refusal);
    }
}

int main(void)
{
    parent_begin(&timeless);
    parent_present(&timeless, "clock", KERNE_VACANT);
    parent_present(&timeless, "disk", kerne_find("disk"));
    run("store", "shelf make shared commit=1 on=disk");
    run("client", "keepsake leave 0");
    return parent_serve(&timeless);
}
