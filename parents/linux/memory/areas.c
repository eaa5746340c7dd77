#include <memory/areas.h>

#include <files/node.h>
#include <memory/pool.h>
#include <string.h>

/* Where a search came down: of each level, the link that leads to the first
 * area that ends behind the address; and the area before that. */
struct path {
    struct area **link[AREA_LEVELS];
    struct area *before;
};

static struct area *search(struct areas *areas, uint64_t address,
                           struct path *ret_path)
{
    struct area **links = areas->first;
    ret_path->before = NULL;
    for (unsigned level = areas->levels; level-- > 0;) {
        while (links[level] != NULL && links[level]->last <= address) {
            ret_path->before = links[level];
            links = links[level]->next;
        }
        ret_path->link[level] = &links[level];
    }
    return areas->levels == 0 ? NULL : *ret_path->link[0];
}

struct area *area_after(const struct areas *areas, uint64_t address)
{
    struct area *const *links = areas->first;
    for (unsigned level = areas->levels; level-- > 0;) {
        while (links[level] != NULL && links[level]->last <= address) {
            links = links[level]->next;
        }
    }
    return links[0];
}

struct area *area_at(struct areas *areas, uint64_t address)
{
    struct area *found = areas->found;
    if (found != NULL && address >= found->first && address < found->last) {
        return found;
    }
    found = area_after(areas, address);
    if (found == NULL || found->first > address) { return NULL; }
    areas->found = found;
    return found;
}

/* ---- one more, one fewer ------------------------------------------------- */

static size_t bytes_of(unsigned levels)
{
    return sizeof(struct area) + levels * sizeof(struct area *);
}

/* A quarter has more than one, and so on. */
static unsigned draw_levels(void)
{
    static uint64_t state = 1;
    unsigned levels = 1;
    state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
    for (uint64_t bits = state >> 40; (bits & 3) == 0 && levels < AREA_LEVELS;
         bits >>= 2) {
        levels++;
    }
    return levels;
}

static struct area *copy_of(struct areas *areas, const struct area *area,
                            unsigned levels)
{
    struct area *copy =
        areas->count < AREAS_MOST ? pool_take(bytes_of(levels)) : NULL;
    if (copy == NULL) { return NULL; }
    *copy = *area;
    copy->levels = (uint8_t)levels;
    if (copy->file != NULL) { node_use(copy->file); }
    areas->count++;
    return copy;
}

/* A level that is used for the first time is empty. */
static void use_levels(struct areas *areas, unsigned levels, struct path *path)
{
    for (; areas->levels < levels; areas->levels++) {
        path->link[areas->levels] = &areas->first[areas->levels];
    }
}

static bool insert(struct areas *areas, const struct area *area,
                   struct path *path)
{
    unsigned levels = draw_levels();
    struct area *copy = copy_of(areas, area, levels);
    if (copy == NULL) { return false; }
    use_levels(areas, levels, path);
    for (unsigned i = 0; i < levels; i++) {
        copy->next[i] = *path->link[i];
        *path->link[i] = copy;
    }
    copy->previous = path->before;
    if (copy->next[0] != NULL) { copy->next[0]->previous = copy; }
    return true;
}

/* The area to which the path leads. */
static void take_out(struct areas *areas, struct area *area,
                     const struct path *path)
{
    for (unsigned i = 0; i < area->levels; i++) {
        *path->link[i] = area->next[i];
    }
    if (area->next[0] != NULL) { area->next[0]->previous = area->previous; }
    if (area->file != NULL) { node_drop(area->file); }
    areas->count--;
    areas->found = NULL;
    pool_return(area, bytes_of(area->levels));
}

/* ---- changes ------------------------------------------------------------- */

static bool is_continued(const struct area *a, const struct area *b)
{
    return a->last == b->first && a->rights == b->rights &&
           a->is_shared == b->is_shared && a->is_heap == b->is_heap &&
           a->is_stack == b->is_stack && a->is_read_only == b->is_read_only &&
           a->file == b->file &&
           (a->file == NULL || a->offset + (a->last - a->first) == b->offset);
}

bool area_insert(struct areas *areas, const struct area *area)
{
    struct path path;
    (void)search(areas, area->first, &path);
    if (path.before != NULL && is_continued(path.before, area)) {
        path.before->last = area->last;
        return true;
    }
    return insert(areas, area, &path);
}

bool area_cut(struct areas *areas, uint64_t at)
{
    struct path path;
    struct area *area = area_at(areas, at);
    if (area == NULL || area->first == at) { return true; }
    struct area second = *area;
    uint64_t last = area->last;
    second.first = at;
    second.offset += at - area->first;
    area->last = at;
    (void)search(areas, at, &path);
    if (insert(areas, &second, &path)) { return true; }
    area->last = last;
    return false;
}

void area_join(struct areas *areas, uint64_t first, uint64_t last)
{
    struct path path;
    struct area *area = area_after(areas, first);
    while (area != NULL && area->first <= last) {
        struct area *before = area->previous, *next = area->next[0];
        if (before != NULL && is_continued(before, area)) {
            (void)search(areas, area->first, &path);
            before->last = area->last;
            take_out(areas, area, &path);
        }
        area = next;
    }
}

void area_remove(struct areas *areas, uint64_t first, uint64_t last)
{
    struct path path;
    struct area *area = search(areas, first, &path);
    if (last > areas->full[0]) { areas->full[1] = 0; }
    while (area != NULL && area->first < last) {
        struct area *next = area->next[0];
        take_out(areas, area, &path);
        area = next;
    }
}

/* The last area that begins before an address; null: none does. */
static const struct area *area_before(const struct areas *areas,
                                      uint64_t address)
{
    const struct area *before = NULL;
    struct area *const *links = areas->first;
    for (unsigned level = areas->levels; level-- > 0;) {
        while (links[level] != NULL && links[level]->first < address) {
            before = links[level];
            links = links[level]->next;
        }
    }
    return before;
}

uint64_t area_room(struct areas *areas, uint64_t bytes, uint64_t low,
                   uint64_t high)
{
    uint64_t top = high;
    if (areas->full[1] == high) { high = areas->full[0]; }
    const struct area *area = area_before(areas, high);
    for (; area != NULL && area->last >= high; area = area->previous) {
        high = area->first;
    }
    areas->full[0] = high;
    areas->full[1] = top;
    while (area != NULL && (high < bytes || area->last > high - bytes)) {
        high = area->first;
        area = area->previous;
    }
    return high >= bytes && high - bytes >= low ? high - bytes : 0;
}

/* ---- all ----------------------------------------------------------------- */

/* One behind the other, each at the end of its lists. */
bool areas_copy(struct areas *to, const struct areas *from)
{
    struct path path = { .before = NULL };
    for (const struct area *area = from->first[0]; area != NULL;
         area = area->next[0]) {
        struct area *copy = copy_of(to, area, area->levels);
        if (copy == NULL) { return false; }
        use_levels(to, area->levels, &path);
        for (unsigned i = 0; i < area->levels; i++) {
            copy->next[i] = NULL;
            *path.link[i] = copy;
            path.link[i] = &copy->next[i];
        }
        copy->previous = path.before;
        path.before = copy;
    }
    return true;
}

void areas_end(struct areas *areas)
{
    area_remove(areas, 0, SPACE_END);
    *areas = (struct areas){ .count = 0 };
}
