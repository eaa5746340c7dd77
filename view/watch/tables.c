/* The nucleus's tables in the storage of a machine, read from outside. */
#include "tables.h"

#define GENERATION_BITS 44 /* of an identity, below its index */
#define ENTRY_VALID 1
#define ENTRY_LEAF 14
#define WINDOW_MASK 0x1fffffff /* rights, and page of the parent above them */
#define HIGHEST_LEVEL 2

uint64_t tables_word(const struct tables *t, uint64_t at, unsigned bytes)
{
    uint64_t value = 0, offset = at - t->first;
    if (bytes > 8 || offset >= t->bytes || t->bytes - offset < bytes) {
        return 0;
    }
    for (unsigned i = 0; i < bytes; i++) {
        value |= (uint64_t)t->ram[offset + i] << 8 * i;
    }
    return value;
}

uint64_t tables_element(const struct tables *t, uint64_t record,
                        enum layout field, unsigned number)
{
    uint64_t where = t->layout[field], size = LAYOUT_SIZE(where);
    if (record == 0) { return 0; }
    return tables_word(t, record + LAYOUT_OFFSET(where) + number * size,
                       (unsigned)size);
}

uint64_t tables_get(const struct tables *t, uint64_t record, enum layout field)
{
    return tables_element(t, record, field, 0);
}

uint64_t tables_physical(const struct tables *t, uint64_t pointer)
{
    return pointer != 0 ? pointer - t->layout[AT_DIRECT] : 0;
}

/* ---- the tables -------------------------------------------------------- */

static uint64_t the(const struct tables *t, enum layout symbol)
{
    return tables_physical(t, t->layout[symbol]);
}

static bool find(const struct tables *t, struct table *table, enum layout where,
                 enum layout limit, enum layout bytes)
{
    uint64_t pointer = tables_get(t, the(t, AT_nucleus), where);
    table->at = tables_physical(t, pointer);
    table->limit = (uint32_t)tables_get(t, the(t, AT_nucleus), limit);
    table->bytes = t->layout[bytes];
    uint64_t offset = table->at - t->first, size = table->bytes * table->limit;
    return table->limit != 0 && offset < t->bytes && size <= t->bytes - offset;
}

bool tables_find(struct tables *t)
{
    return find(t, &t->processes, nucleus_processes, nucleus_process_limit,
                BYTES_OF_process) &&
           find(t, &t->buffers, nucleus_buffers, nucleus_buffer_limit,
                BYTES_OF_buffer) &&
           find(t, &t->nodes, nucleus_nodes, nucleus_node_limit,
                BYTES_OF_node) &&
           find(t, &t->infos, nucleus_node_infos, nucleus_node_limit,
                BYTES_OF_node_info);
}

uint32_t tables_used(const struct tables *t, enum layout never_used)
{
    uint32_t limit =
        never_used == nucleus_never_used_process  ? t->processes.limit
        : never_used == nucleus_never_used_buffer ? t->buffers.limit
                                                  : t->nodes.limit;
    uint64_t used = tables_get(t, the(t, AT_nucleus), never_used);
    return used < limit ? (uint32_t)used : limit;
}

uint64_t tables_at(const struct table *table, uint32_t index)
{
    return index != 0 && index < table->limit ? table->at + index * table->bytes
                                              : 0;
}

uint32_t tables_index(const struct table *table, uint64_t at)
{
    uint64_t index = (at - table->at) / table->bytes;
    return at >= table->at && index < table->limit ? (uint32_t)index : 0;
}

uint32_t tables_index_in(const struct tables *t, const struct table *table,
                         uint64_t record, enum layout field)
{
    uint64_t at = tables_physical(t, tables_get(t, record, field));
    return at != 0 ? tables_index(table, at) : 0;
}

uint32_t tables_identified(uint64_t identity)
{
    return (uint32_t)(identity >> GENERATION_BITS);
}

uint64_t tables_next(const struct tables *t, uint64_t record, enum layout head,
                     uint64_t at, enum layout member, uint32_t *limit)
{
    uint64_t end = record + LAYOUT_OFFSET(t->layout[head]);
    uint64_t offset = LAYOUT_OFFSET(t->layout[member]);
    uint64_t link = at != 0 ? at + offset : end;
    link = tables_physical(t, tables_word(t, link, 8));
    if (link == 0 || link == end || *limit == 0) { return 0; }
    (*limit)--;
    return link - offset;
}

/* ---- what is asked most ------------------------------------------------ */

uint64_t tables_process(const struct tables *t, uint32_t index)
{
    return tables_at(&t->processes, index);
}

uint64_t tables_buffer(const struct tables *t, uint32_t index)
{
    return tables_at(&t->buffers, index);
}

uint32_t tables_parent(const struct tables *t, uint32_t process)
{
    return tables_index_in(t, &t->processes, tables_process(t, process),
                           process_parent);
}

uint32_t tables_running(const struct tables *t)
{
    return t->runs != 0
               ? tables_index(&t->processes, tables_physical(t, t->runs))
               : tables_index_in(t, &t->processes, the(t, AT_the_hart),
                                 hart_current);
}

uint32_t tables_payer(const struct tables *t)
{
    return tables_index_in(t, &t->processes, the(t, AT_the_hart), hart_account);
}

bool tables_lives(const struct tables *t, uint32_t process)
{
    return process == 1 ||
           (process < tables_used(t, nucleus_never_used_process) &&
            tables_parent(t, process) != 0);
}

void tables_name(const struct tables *t, uint32_t process,
                 char ret_name[TABLES_NAME + 1])
{
    uint64_t p = tables_process(t, process);
    for (unsigned i = 0; i < TABLES_NAME; i++) {
        uint64_t word = tables_element(t, p, process_name, i / 8);
        ret_name[i] = (char)(word >> i % 8 * 8);
    }
    ret_name[TABLES_NAME] = '\0';
}

/* ---- windows ----------------------------------------------------------- */

/* The node below an entry of a node; 0: none. */
static uint64_t below(const struct tables *t, uint64_t node, unsigned number)
{
    uint64_t entry = tables_element(t, node, node_entry, number);
    bool table = (entry & (ENTRY_VALID | ENTRY_LEAF)) == ENTRY_VALID;
    uint64_t at = (entry >> 10) * TABLES_PAGE;
    return table && tables_index(&t->nodes, at) != 0 ? at : 0;
}

/* The lowest node on the way to a page, or 0, and then the level of the entry
 * that leads nowhere. */
static uint64_t lowest(const struct tables *t, uint32_t process, uint64_t page,
                       unsigned *ret_level)
{
    uint64_t p = tables_process(t, process);
    uint64_t node = tables_physical(t, tables_get(t, p, process_windows));
    unsigned level = HIGHEST_LEVEL;
    for (; level > 0 && node != 0; level--) {
        node = below(t, node, page >> 9 * level & (TABLES_ENTRIES - 1));
    }
    *ret_level = node != 0 ? 0 : level + 1;
    return node;
}

static uint64_t window_of(const struct tables *t, uint64_t node, uint64_t page)
{
    unsigned number = page & (TABLES_ENTRIES - 1);
    uint64_t onto = node + LAYOUT_OFFSET(t->layout[node_window]) + 8 * number;
    return tables_word(t, onto, 4) & WINDOW_MASK;
}

uint64_t tables_window(const struct tables *t, uint32_t process, uint64_t page,
                       bool *ret_composed)
{
    unsigned level;
    uint64_t node = lowest(t, process, page, &level);
    *ret_composed = false;
    if (node == 0) { return 0; }
    *ret_composed =
        tables_element(t, node, node_entry, page & (TABLES_ENTRIES - 1)) != 0;
    return window_of(t, node, page);
}

uint64_t tables_next_window(const struct tables *t, uint32_t process,
                            uint64_t page)
{
    uint64_t end = UINT64_C(1) << 26; /* pages of 256 GiB */
    while (page < end) {
        unsigned level;
        uint64_t node = lowest(t, process, page, &level);
        if (node == 0) {
            page = ((page >> 9 * level) + 1) << 9 * level;
            continue;
        }
        do {
            if (window_of(t, node, page) != 0) { return page; }
            page++;
        } while (page % TABLES_ENTRIES != 0);
    }
    return UINT64_MAX;
}

unsigned tables_level(const struct tables *t, uint32_t node)
{
    unsigned level = HIGHEST_LEVEL;
    uint64_t info = tables_at(&t->infos, node);
    for (; level > 0; level--) {
        uint64_t entry =
            tables_physical(t, tables_get(t, info, node_info_above));
        if (entry == 0) { break; }
        info = tables_at(&t->infos, tables_index(&t->nodes, entry));
    }
    return level;
}
