/*
 * Orders: transfers that a parent has its disk's driver do, many for one
 * message.  They lie in the run that it has lent the driver; docs/man/
 * programs/disk.md has the message.
 *
 *   O1  an order is the driver's from when it is asked for until the message
 *       of its list is answered
 *   O2  which orders of a list are asked for is changed in one step: so more
 *       may be added until the driver takes them
 *
 * No pointer argument may be null, unless its comment says so.
 */
#ifndef KERNE_ORDERS_H
#define KERNE_ORDERS_H

#include <segments.h>

#define KERNE_ORDERS 16

struct kerne_order {
    uint64_t operation; /* input, output or flush */
    uint64_t first;     /* where in the run, by the parent's addresses */
    uint64_t bytes;     /* whole segments; 0: of flush.  Then, how many were
                         * moved */
    uint64_t segment;
    uint64_t status; /* by the driver: KERNE_SEGMENTS_DONE, or why not */
};

struct kerne_orders {
    struct kerne_order order[KERNE_ORDERS];
    uint32_t asked[KERNE_ORDERS]; /* of each list, a bit for each order */
};

/* Adds an order to a list that has a message under way.  False: the driver has
 * taken that already. */
static inline bool kerne_orders_join(struct kerne_orders *orders, unsigned list,
                                     unsigned order)
{
    bool is_open = __atomic_fetch_or(&orders->asked[list], UINT32_C(1) << order,
                                     __ATOMIC_ACQ_REL) != 0;
    if (!is_open) { orders->asked[list] = 0; }
    return is_open;
}

/* By the driver: what the list has. */
static inline uint32_t kerne_orders_take(struct kerne_orders *orders,
                                         unsigned list)
{
    return __atomic_exchange_n(&orders->asked[list], 0, __ATOMIC_ACQ_REL);
}

#endif
