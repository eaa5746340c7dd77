/* The slots of the area that pages go to; see memory/swap.h. */
#include <memory/slots.h>

#include <kerne.h>
#include <string.h>

#define BAD 0x8000u /* it cannot be read */

static uint16_t *users;
static uint64_t all, used, last;

void slots_begin(struct storage *storage, uint64_t count)
{
    uint64_t bytes = count * sizeof *users;
    struct storage_run run =
        storage_take(storage, (bytes + KERNE_PAGE - 1) / KERNE_PAGE);
    if (run.pages == 0) { return; }
    users = (uint16_t *)run.first;
    memset(users, 0, bytes);
    all = count;
}

bool slot_take(uint64_t *ret_slot)
{
    for (uint64_t i = 0; i < all && used < all; i++) {
        last = last + 1 < all ? last + 1 : 0;
        if (users[last] == 0) {
            users[last] = 1;
            used++;
            *ret_slot = last;
            return true;
        }
    }
    return false;
}

void slot_use(uint64_t slot) { users[slot]++; }

void slot_drop(uint64_t slot)
{
    uint16_t left = --users[slot];
    if ((left & ~BAD) > 0) { return; }
    users[slot] = 0;
    used--;
}

void slot_spoil(uint64_t slot) { users[slot] |= BAD; }

bool slot_is_bad(uint64_t slot) { return users[slot] & BAD; }

uint64_t slots_all(void) { return all; }

uint64_t slots_used(void) { return used; }
