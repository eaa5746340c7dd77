/* Places in a server's table: who gets one, when others take all they can. */
#include <stdio.h>
#include <string.h>

#include <places.h>
#include <tap.h>

#define PLACES 100u
#define OF_PART 40u

/* Who sends: a child by its number, and how often a name is inside another;
 * each level has the number of the one further out, or one of its own. */
struct sender {
    uint64_t child; /* or KERNE_PARENT */
    unsigned depth; /* 1: the child itself; of the parent 0 */
    unsigned inner; /* the number of the innermost */
};

static struct sender current;
static struct place table[PLACES];
static size_t used;

uint64_t kerne_sender_path(uint64_t buffer, uint64_t level,
                           char ret_name[KERNE_NAME_BYTES])
{
    (void)buffer;
    if (level >= current.depth) { return KERNE_r_rejected; }
    memset(ret_name, 0, KERNE_NAME_BYTES);
    bool is_innermost = level + 1 == current.depth;
    snprintf(ret_name, KERNE_NAME_BYTES, "n%u",
             is_innermost && level > 0 ? current.inner : 0u);
    return KERNE_r_normal;
}

static const struct place *held(size_t number)
{
    return number < used ? &table[number] : NULL;
}

static const struct places places = { PLACES, OF_PART, held, NULL };
static const struct places counted = { PLACES, OF_PART, held, &used };

/* Whether it is known how many are held decides nothing. */
static bool takes(struct sender sender)
{
    struct kerne_received message = { .sender = sender.child };
    if (sender.depth > 1) { message.sender |= KERNE_SENDER_INSIDE; }
    struct place place;
    current = sender;
    bool has_place = kerne_has_place(&places, &message, &place);
    EQUAL(kerne_has_place(&counted, &message, &place), has_place);
    if (has_place) { table[used++] = place; }
    return has_place;
}

/* As many as it can; how many that are. */
static size_t takes_all(struct sender sender)
{
    size_t before = used;
    while (takes(sender)) {}
    return used - before;
}

static const struct sender parent = { .child = KERNE_PARENT };

TEST("places.parent_after_all_others")
{
    used = 0;
    for (unsigned child = 1; child <= PLACES; child++) {
        takes_all((struct sender){ child, 1, 0 });
    }
    EQUAL(used, PLACES - PLACES_OF_PARENT);
    EQUAL(takes_all(parent), PLACES_OF_PARENT);
}

TEST("places.one_child_has_its_part")
{
    used = 0;
    EQUAL(takes_all((struct sender){ 1, 1, 0 }), OF_PART);
    for (unsigned child = 2; child < 6; child++) {
        EXPECT(takes_all((struct sender){ child, 1, 0 }) >= PLACES_OF_EACH);
    }
}

TEST("places.systems_around_a_hoarder")
{
    used = 0;
    EXPECT(takes_all((struct sender){ 1, 4, 1 }) > 0);
    for (unsigned depth = 3; depth > 0; depth--) {
        EXPECT(takes_all((struct sender){ 1, depth, 0 }) >= PLACES_OF_EACH);
    }
    EXPECT(used <= OF_PART);
}

TEST("places.crowds_leave_some_for_a_newcomer")
{
    used = 0;
    for (unsigned inner = 0; inner < PLACES; inner++) {
        takes_all((struct sender){ 1, 2, inner });
        takes_all((struct sender){ 2, 2, inner });
        takes_all((struct sender){ 3, 2, inner });
    }
    EXPECT(takes_all((struct sender){ 4, 1, 0 }) >= PLACES_OF_EACH);
    EXPECT(takes_all((struct sender){ 1, 1, 0 }) >= PLACES_OF_EACH);
    EXPECT(takes_all(parent) >= PLACES_OF_PARENT);
}
