#include <processes/program.h>

#include <elf_file.h>
#include <memory/frames.h>
#include <memory/user.h>
#include <string.h>

enum { ELF_SHARED = 3, SEGMENTS = 32 };

/* ---- the file ------------------------------------------------------------ */

static bool read_all(struct node *file, void *to, uint64_t offset,
                     uint64_t bytes)
{
    return content_read(&file->content, to, offset, bytes) == bytes;
}

static bool is_for_us(const struct elf_header *h)
{
    return memcmp(h->identity, ELF_MAGIC, 4) == 0 &&
           h->identity[4] == ELF_64_BITS &&
           h->identity[5] == ELF_LITTLE_ENDIAN && h->machine == ELF_RISC_V &&
           (h->type == ELF_EXECUTABLE || h->type == ELF_SHARED) &&
           h->program_header_bytes == sizeof(struct elf_segment) &&
           h->program_header_count > 0 && h->program_header_count <= SEGMENTS;
}

/* Its headers; false: it is none of ours. */
static bool read_headers(struct node *file, struct elf_header *ret_header,
                         struct elf_segment ret_segment[SEGMENTS])
{
    return node_is(file, LINUX_S_FILE) &&
           read_all(file, ret_header, 0, sizeof *ret_header) &&
           is_for_us(ret_header) &&
           read_all(file, ret_segment, ret_header->program_headers,
                    ret_header->program_header_count * sizeof *ret_segment);
}

static bool is_sound(const struct elf_segment *s)
{
    return s->in_file <= s->bytes && user_is_range(s->address, s->bytes) &&
           s->offset <= CONTENT_MOST && s->in_file <= CONTENT_MOST &&
           (s->in_file == 0 ||
            s->address % KERNE_PAGE == s->offset % KERNE_PAGE);
}

long program_check(struct node *file, struct program *ret_program)
{
    struct elf_header h;
    struct elf_segment segment[SEGMENTS];
    bool has_loads = false;
    *ret_program = (struct program){ .entry = 0 };
    if (!read_headers(file, &h, segment)) { return -LINUX_ENOEXEC; }
    for (unsigned i = 0; i < h.program_header_count; i++) {
        const struct elf_segment *s = &segment[i];
        char *path = ret_program->interpreter_path;
        if (s->type == ELF_LOAD) {
            if (!is_sound(s)) { return -LINUX_ENOEXEC; }
            has_loads = has_loads || s->bytes > 0;
        } else if (s->type == ELF_INTERPRETER) {
            if (s->in_file < 2 ||
                s->in_file > sizeof ret_program->interpreter_path ||
                !read_all(file, path, s->offset, s->in_file) ||
                path[s->in_file - 1] != '\0') {
                return -LINUX_ENOEXEC;
            }
        }
    }
    return has_loads ? 0 : -LINUX_ENOEXEC;
}

/* ---- laying out ---------------------------------------------------------- */

static uint64_t down(uint64_t address) { return address & ENTRY_ADDRESS; }
static uint64_t up(uint64_t address) { return down(address + KERNE_PAGE - 1); }

static uint32_t rights_of(const struct elf_segment *s)
{
    return (s->flags & ELF_READ ? KERNE_READ : 0) |
           (s->flags & ELF_WRITE ? KERNE_WRITE : 0) |
           (s->flags & ELF_EXECUTE ? KERNE_EXECUTE : 0);
}

/* An area in place of whatever is there, with its pages: segments may share a
 * page, and then the later one counts, as on Linux. */
static bool put_area(struct space *space, const struct area *area)
{
    if (area->first >= area->last) { return true; }
    if (!area_cut(&space->areas, area->first) ||
        !area_cut(&space->areas, area->last) ||
        !space_empty(space, area->first, area->last)) {
        return false;
    }
    area_remove(&space->areas, area->first, area->last);
    return area_insert(&space->areas, area);
}

static long lay_segment(struct space *space, struct node *file, uint64_t at,
                        const struct elf_segment *s)
{
    uint64_t first = at + s->address, end = first + s->in_file;
    struct area filled = { .first = down(first),
                           .last = s->in_file > 0 ? up(end) : down(first),
                           .rights = rights_of(s),
                           .file = file,
                           .offset = down(s->offset) };
    struct area zeros = { .first = filled.last,
                          .last = up(first + s->bytes),
                          .rights = filled.rights };
    if (!user_is_range(first, s->bytes) || filled.first < SPACE_FIRST ||
        zeros.last > SPACE_STACK_LAST - SPACE_STACK_BYTES) {
        return -LINUX_ENOMEM;
    }
    if (!put_area(space, &filled) || !put_area(space, &zeros)) {
        return -LINUX_ENOMEM;
    }
    if (s->bytes > s->in_file && s->in_file > 0 && s->flags & ELF_WRITE) {
        uint64_t rest = up(end) - end;
        return rest == 0 ? 0 : user_clear(space, end, rest);
    }
    return 0;
}

/* From the lowest address on to behind the highest. */
static void extent(const struct elf_header *h, const struct elf_segment *s,
                   uint64_t *ret_first, uint64_t *ret_last)
{
    *ret_first = UINT64_MAX;
    *ret_last = 0;
    for (unsigned i = 0; i < h->program_header_count; i++) {
        if (s[i].type != ELF_LOAD || s[i].bytes == 0) { continue; }
        uint64_t first = down(s[i].address),
                 last = up(s[i].address + s[i].bytes);
        *ret_first = first < *ret_first ? first : *ret_first;
        *ret_last = last > *ret_last ? last : *ret_last;
    }
}

struct laid {
    uint64_t at; /* what is added to the file's addresses */
    uint64_t entry, last, headers, header_count;
};

static long lay(struct space *space, struct node *file, uint64_t place,
                struct laid *ret)
{
    struct elf_header h;
    struct elf_segment segment[SEGMENTS];
    uint64_t first, last;
    if (!read_headers(file, &h, segment)) { return -LINUX_ENOEXEC; }
    extent(&h, segment, &first, &last);
    if (h.type == ELF_EXECUTABLE) {
        place = 0;
    } else if (place == 0) {
        place =
            area_room(&space->areas, last - first, SPACE_FIRST, SPACE_MAP_LAST);
        if (place == 0) { return -LINUX_ENOMEM; }
        place -= first;
    }
    *ret = (struct laid){ .at = place,
                          .entry = place + h.entry,
                          .last = place + last,
                          .header_count = h.program_header_count };
    for (unsigned i = 0; i < h.program_header_count; i++) {
        const struct elf_segment *s = &segment[i];
        if (s->type != ELF_LOAD || s->bytes == 0) { continue; }
        long result = lay_segment(space, file, place, s);
        if (result != 0) { return result; }
        if (h.program_headers >= s->offset &&
            h.program_headers - s->offset < s->in_file) {
            ret->headers = place + s->address + h.program_headers - s->offset;
        }
    }
    return 0;
}

static bool lay_stack(struct space *space)
{
    struct area stack = { .first = SPACE_STACK_LAST - SPACE_STACK_BYTES,
                          .last = SPACE_STACK_LAST,
                          .rights = KERNE_READ | KERNE_WRITE,
                          .is_stack = true };
    return area_insert(&space->areas, &stack);
}

/* Where a handler returns to: li a7, 139 (rt_sigreturn); ecall. */
static bool lay_trampoline(struct space *space)
{
    static const uint32_t words[2] = { 0x08b00893, 0x00000073 };
    static struct node *page;
    struct area area = { .first = SPACE_TRAMPOLINE,
                         .last = SPACE_END,
                         .rights = KERNE_READ | KERNE_EXECUTE };
    if (page == NULL) {
        struct node *node = node_make(LINUX_S_FILE);
        bool has_room =
            node != NULL && content_resize(&node->content, KERNE_PAGE);
        uint64_t to = has_room ? content_page(&node->content, 0, true) : 0;
        if (to == 0) {
            if (node != NULL) { node_drop(node); }
            return false;
        }
        memcpy((void *)to, words, sizeof words);
        page = node;
    }
    area.file = page;
    return area_insert(&space->areas, &area);
}

long program_lay(struct space *space, struct node *file,
                 struct node *interpreter, struct program *program)
{
    struct laid own, other = { .at = 0 };
    if (!lay_stack(space) || !lay_trampoline(space)) { return -LINUX_ENOMEM; }
    long result = lay(space, file, SPACE_PROGRAM, &own);
    if (result == 0 && interpreter != NULL) {
        result = lay(space, interpreter, 0, &other);
    }
    if (result != 0) { return result; }
    program->own_entry = own.entry;
    program->entry = interpreter != NULL ? other.entry : own.entry;
    program->headers = own.headers;
    program->header_count = own.header_count;
    program->interpreter = other.at;
    space->heap_first = space->heap_last = own.last;
    return 0;
}
