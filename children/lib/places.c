#include "places.h"

#define DEPTH 40 /* no tree is deeper */

/* Of the newcomer: path[i] stands for its first i names. */
struct path {
    size_t depth;
    uint64_t names[DEPTH + 1];
};

struct crowd {
    size_t all, of_parent, of_part;
    size_t of_second;      /* in the same child of the part */
    size_t inside;         /* directly inside the newcomer */
    size_t own[DEPTH + 1]; /* of the system with so many names */
};

static bool is_parent(uint64_t part) { return part == KERNE_PARENT; }

static uint64_t mix(uint64_t number, uint64_t more)
{
    number = (number ^ more) * UINT64_C(0x9e3779b97f4a7c15);
    number = (number ^ (number >> 29)) * UINT64_C(0xbf58476d1ce4e5b9);
    return number ^ (number >> 32);
}

/* What stands for a child or sibling itself. */
static uint64_t of_direct(uint64_t part) { return part + KERNE_PARENT + 1; }

/* The first name is not asked for: a child or sibling has its number alone. */
static void path_of(const struct kerne_received *message, struct path *ret_path)
{
    bool is_inside = (message->sender & KERNE_SENDER_INSIDE) != 0;
    uint64_t part = KERNE_SENDER_ADDRESS(message->sender);
    uint64_t name[KERNE_NAME_BYTES / sizeof(uint64_t)];
    size_t depth = is_parent(part) ? 0 : 1;
    ret_path->names[0] = part;
    ret_path->names[1] = of_direct(part);
    while (is_inside && depth < DEPTH &&
           kerne_sender_path(message->buffer, depth, (char *)name) ==
               KERNE_r_normal) {
        ret_path->names[depth + 1] =
            mix(mix(ret_path->names[depth], name[0]), name[1]);
        depth++;
    }
    ret_path->depth = depth;
}

static void count(const struct places *places, const struct place *newcomer,
                  const struct path *path, struct crowd *ret_crowd)
{
    *ret_crowd = (struct crowd){ .all = 0 };
    for (size_t i = 0; i < places->count; i++) {
        const struct place *held = places->held(i);
        if (held == NULL) { continue; }
        ret_crowd->all++;
        ret_crowd->of_parent += is_parent(held->part);
        if (held->part != newcomer->part) { continue; }
        ret_crowd->of_part++;
        ret_crowd->of_second += held->second == newcomer->second;
        ret_crowd->inside += held->around == newcomer->whole;
        for (size_t level = 0; level <= path->depth; level++) {
            ret_crowd->own[level] += held->whole == path->names[level];
        }
    }
}

/* L3: are so many free ones of its part, none perhaps, enough? */
static bool is_one_inside(const struct crowd *crowd, const struct path *path,
                          size_t free)
{
    size_t kept = 0;
    for (size_t level = 1; level < path->depth; level++) {
        size_t own = crowd->own[level];
        kept += own < PLACES_OF_EACH ? PLACES_OF_EACH - own : 0;
    }
    if (free <= kept) { return false; }
    return crowd->own[path->depth] < PLACES_OF_EACH || path->depth < 2 ||
           crowd->of_second + PLACES_SPARE < free - kept;
}

/* So few are held that one which is inside no other is refused by no rule. */
static bool is_roomy(const struct places *places)
{
    return places->used != NULL && *places->used < places->of_part &&
           2 * *places->used + PLACES_OF_PARENT + PLACES_SPARE < places->count;
}

bool kerne_has_place(const struct places *places,
                     const struct kerne_received *message,
                     struct place *ret_place)
{
    struct path path;
    struct crowd crowd;
    if (!(message->sender & KERNE_SENDER_INSIDE) && is_roomy(places)) {
        uint64_t part = KERNE_SENDER_ADDRESS(message->sender);
        ret_place->part = part;
        ret_place->second = 0;
        ret_place->depth = is_parent(part) ? 0 : 1;
        ret_place->around = is_parent(part) ? 0 : part;
        ret_place->whole = is_parent(part) ? part : of_direct(part);
        return true;
    }
    path_of(message, &path);
    ret_place->part = path.names[0];
    ret_place->second = path.depth < 2 ? 0 : path.names[2];
    ret_place->around = path.depth == 0 ? 0 : path.names[path.depth - 1];
    ret_place->whole = path.names[path.depth];
    ret_place->depth = path.depth;
    count(places, ret_place, &path, &crowd);
    if (crowd.all == places->count) { return false; }
    if (is_parent(ret_place->part)) { return true; }

    size_t others = crowd.all - crowd.of_parent;
    size_t for_others = places->count - PLACES_OF_PARENT;
    if (others >= for_others ||
        !is_one_inside(&crowd, &path, places->of_part - crowd.of_part)) {
        return false;
    }
    size_t free = for_others - others;
    bool is_first = crowd.own[path.depth] < PLACES_OF_EACH;
    bool is_named_first = crowd.of_part < PLACES_OF_EACH || crowd.inside > 0;
    return is_first ? is_named_first || free > PLACES_SPARE
                    : crowd.of_part + PLACES_SPARE < free;
}
