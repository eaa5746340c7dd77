#include <proc/memory.h>

#include <files/path.h>
#include <memory/user.h>
#include <processes/threads.h>
#include <stdio.h>

struct space *memory_of(const struct process *p)
{
    return p->threads == NULL ? NULL : p->threads->space;
}

static void count_region(const struct region *region,
                         struct memory_sizes *sizes)
{
    for (unsigned i = 0; i < REGION_PAGES; i++) {
        uint64_t entry = region->leaf->entry[i];
        if (entry == 0) { continue; }
        if (entry & ENTRY_OUT) {
            sizes->out += KERNE_PAGE;
            continue;
        }
        sizes->resident += KERNE_PAGE;
        if (!(entry & ENTRY_OWN)) { sizes->of_files += KERNE_PAGE; }
    }
}

struct memory_sizes memory_sizes(const struct process *p)
{
    const struct space *space = memory_of(p);
    struct memory_sizes sizes = { .all = 0 };
    if (space == NULL) { return sizes; }
    for (const struct area *area = space->areas.first[0]; area != NULL;
         area = area->next[0]) {
        uint64_t bytes = area->last - area->first;
        sizes.all += bytes;
        if (area->is_stack) {
            sizes.stack += bytes;
        } else if (area->rights & KERNE_EXECUTE) {
            sizes.code += bytes;
        } else if (area->rights & KERNE_WRITE) {
            sizes.data += bytes;
        }
    }
    for (const struct region *region = space->regions.first; region != NULL;
         region = region->next) {
        if (region->leaf != NULL) { count_region(region, &sizes); }
    }
    return sizes;
}

void memory_say_statm(struct text *text, const struct subject *of)
{
    struct memory_sizes s = memory_sizes(of->process);
    text_say(text, "%lu %lu %lu %lu 0 %lu 0\n", s.all / KERNE_PAGE,
             s.resident / KERNE_PAGE, s.of_files / KERNE_PAGE,
             s.code / KERNE_PAGE, (s.data + s.stack) / KERNE_PAGE);
}

static void say_area(struct text *text, const struct area *area)
{
    static char path[LINUX_PATH_BYTES];
    char line[80];
    const char *what = area->is_heap    ? "[heap]"
                       : area->is_stack ? "[stack]"
                                        : "";
    if (area->first == SPACE_TRAMPOLINE) {
        what = "[vdso]";
    } else if (area->file != NULL) {
        what = path_of_node(area->file, path, sizeof path) < 0 ? "(deleted)"
                                                               : path;
    }
    int length =
        snprintf(line, sizeof line, "%08lx-%08lx %c%c%c%c %08lx 00:0%u %lu ",
                 area->first, area->last, area->rights & KERNE_READ ? 'r' : '-',
                 area->rights & KERNE_WRITE ? 'w' : '-',
                 area->rights & KERNE_EXECUTE ? 'x' : '-',
                 area->is_shared ? 's' : 'p', area->offset, area->file != NULL,
                 area->file == NULL ? 0 : area->file->number);
    text_say(text, "%s%*s%s\n", line,
             what[0] == '\0' || length > 73 ? 0 : 73 - length, "", what);
}

void memory_say_maps(struct text *text, const struct subject *of)
{
    const struct space *space = memory_of(of->process);
    const struct area *area = space == NULL ? NULL : space->areas.first[0];
    for (; area != NULL; area = area->next[0]) { say_area(text, area); }
}

/* As the program has it now, as far as it still is there. */
static void say_bytes(struct text *text, struct space *space,
                      const uint64_t bounds[2])
{
    static char page[KERNE_PAGE];
    for (uint64_t at = bounds[0]; at < bounds[1];) {
        uint64_t part = KERNE_PAGE - at % KERNE_PAGE;
        if (part > bounds[1] - at) { part = bounds[1] - at; }
        if (user_read(space, page, at, part) != 0) { return; }
        text_add(text, page, part);
        at += part;
    }
}

void memory_say_arguments(struct text *text, const struct subject *of)
{
    struct space *space = memory_of(of->process);
    if (space != NULL) { say_bytes(text, space, space->arguments); }
}

void memory_say_environment(struct text *text, const struct subject *of)
{
    struct space *space = memory_of(of->process);
    if (space != NULL) { say_bytes(text, space, space->environment); }
}
