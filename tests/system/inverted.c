/*
 * inverted: a pager that would keep pages with a process below itself, for
 * paging.py: that is refused, or it would wait for itself.
 */
#include <pager.h>

static struct pager pager;

int main(void)
{
    const struct pager_order order = {
        .frames = 8,
        .room = "below",
        .children = 1,
        .bytes = 16 * KERNE_PAGE,
    };
    parent_begin(&pager.parent);
    parent_present(&pager.parent, "below", KERNE_SELF);
    pager_begin(&pager, &order);
    return 0;
}
