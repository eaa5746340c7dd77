#include <memory/hands.h>

#include <memory/bits.h>
#include <memory/swap.h>

#define AHEAD 16 /* regions, of the first hand before the second */

static struct space *first_space;

struct hand {
    struct space *space;
    uint64_t address;
    unsigned rounds;
};

static struct hand front, back;
static unsigned ahead; /* regions that the front hand is in front */

static struct region *next(struct hand *hand)
{
    for (unsigned i = 0; i < 2; i++) {
        if (hand->space == NULL) {
            hand->space = first_space;
            hand->address = 0;
            hand->rounds++;
        }
        for (; hand->space != NULL; hand->space = hand->space->next_space) {
            struct region *region =
                region_after(&hand->space->regions, hand->address, SPACE_END);
            if (region != NULL) {
                hand->address = region->first + REGION_BYTES;
                return region;
            }
            hand->address = 0;
        }
    }
    return NULL;
}

/* The pages that could go: of private storage. */
static uint64_t candidates(const struct region *region)
{
    uint64_t set = 0;
    for (unsigned i = 0; region->leaf != NULL && i < REGION_PAGES; i++) {
        uint64_t entry = region->leaf->entry[i];
        bool may_go = (entry & (ENTRY_OWN | ENTRY_OUT)) == ENTRY_OWN;
        set |= (uint64_t)may_go << i;
    }
    return set;
}

static bool move_front(void)
{
    struct region *region = next(&front);
    if (region == NULL) { return false; }
    space_close_pages(front.space, region, candidates(region));
    ahead++;
    return true;
}

static bool move_back(void)
{
    struct region *region = next(&back);
    if (region == NULL) { return false; }
    uint64_t set = candidates(region) & ~region->readable;
    for (ahead--; set != 0; set &= set - 1) {
        if (!swap_send_out(back.space, region, bits_lowest(set))) {
            back.address = region->first;
            ahead++;
            return false;
        }
    }
    return true;
}

void hands_turn(void)
{
    unsigned until = back.rounds + 3;
    bool is_found = true;
    while (is_found && back.rounds != until && swap_is_short()) {
        while (ahead < AHEAD && move_front()) {}
        is_found = ahead > 0 && move_back();
    }
}

/* ---- spaces -------------------------------------------------------------- */

void hands_note(struct space *space)
{
    space->next_space = first_space;
    if (first_space != NULL) { first_space->previous_space = space; }
    first_space = space;
}

static void leave(struct hand *hand, const struct space *space)
{
    if (hand->space != space) { return; }
    hand->space = space->next_space;
    hand->address = 0;
}

void hands_forget(struct space *space)
{
    leave(&front, space);
    leave(&back, space);
    *(space->previous_space == NULL ? &first_space
                                    : &space->previous_space->next_space) =
        space->next_space;
    if (space->next_space != NULL) {
        space->next_space->previous_space = space->previous_space;
    }
}
