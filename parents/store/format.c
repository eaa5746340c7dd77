#include "format.h"

#include <string.h>

/* What a byte adds to the sum, so many others behind it. */
static uint32_t of_byte[sizeof(uint64_t)][256];

static void make_sums(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t rest = i;
        for (unsigned bit = 0; bit < 8 * sizeof(uint64_t); bit++) {
            rest = rest >> 1 ^ (rest & 1 ? UINT32_C(0xedb88320) : 0);
            if (bit % 8 == 7) { of_byte[bit / 8][i] = rest; }
        }
    }
}

/* Both lie at words, and words begin with their lowest byte. */
uint32_t format_sum(const void *bytes, size_t count)
{
    const char *word = __builtin_assume_aligned(bytes, sizeof(uint64_t));
    uint32_t sum = UINT32_MAX;
    if (of_byte[0][255] == 0) { make_sums(); }
    for (size_t at = 0; at < count; at += sizeof(uint64_t)) {
        uint64_t left;
        memcpy(&left, word + at, sizeof left);
        left ^= sum;
        sum = 0;
#pragma GCC unroll 8
        for (int behind = 7; behind >= 0; behind--, left >>= 8) {
            sum ^= of_byte[behind][left & 0xff];
        }
    }
    return ~sum;
}

bool format_is_zero(const void *bytes, size_t count)
{
    const char *byte = bytes;
    return count == 0 ||
           (byte[0] == 0 && memcmp(byte, byte + 1, count - 1) == 0);
}

/* ---- geometry ------------------------------------------------------------ */

static uint32_t rounds(uint64_t items, uint64_t each)
{
    return (uint32_t)((items + each - 1) / each);
}

/* Two of each table and index page: a root may replace them all. */
static uint64_t needed(const struct store_geometry *geometry)
{
    return STORE_ROOTS + (uint64_t)geometry->slots +
           2 * ((uint64_t)geometry->tables + geometry->index_pages);
}

bool format_geometry(uint32_t pages, uint32_t entries, uint32_t slots,
                     struct store_geometry *ret_geometry)
{
    if (entries == 0 || entries % STORE_ENTRIES != 0 ||
        entries > STORE_ENTRIES_MAX || slots == 0) {
        return false;
    }
    struct store_geometry geometry = {
        .pages = pages,
        .entries = entries,
        .slots = slots,
        .catalog_pages = rounds(entries, STORE_ENTRIES),
    };
    geometry.tables = geometry.catalog_pages + rounds(slots, STORE_SLOTS);
    geometry.index_pages = rounds(geometry.tables, STORE_POINTERS);
    uint64_t least = needed(&geometry) + STORE_SPARE_LEAST;
    if (geometry.index_pages > STORE_INDEX_PAGES || least > pages) {
        return false;
    }
    geometry.spare = pages - (uint32_t)(least - STORE_SPARE_LEAST);
    *ret_geometry = geometry;
    return true;
}

/* A 32nd part of the disk is spare: the less there is, the more often a root
 * has to be written where areas are written again and again. */
bool format_make(uint32_t pages, uint32_t entries,
                 struct store_geometry *ret_geometry)
{
    uint32_t spare = pages / 32 < STORE_SPARE_LEAST ? 0 : pages / 32;
    uint32_t fits = 0;
    for (uint32_t bit = UINT32_C(1) << 31; bit != 0; bit >>= 1) {
        struct store_geometry geometry;
        if (format_geometry(pages - spare, entries, fits | bit, &geometry)) {
            fits |= bit;
        }
    }
    return format_geometry(pages, entries, fits, ret_geometry);
}

/* ---- what is checked ----------------------------------------------------- */

bool format_root_is_whole(const struct store_root *root, uint32_t place)
{
    struct store_root copy = *root;
    copy.sum = 0;
    return memcmp(root->magic, STORE_MAGIC, sizeof root->magic) == 0 &&
           root->generation != 0 && root->generation % STORE_ROOTS == place &&
           format_sum(&copy, sizeof copy) == root->sum;
}

const char *format_root_fault(const struct store_root *root,
                              uint64_t disk_pages,
                              struct store_geometry *ret_geometry)
{
    if (root->version != STORE_VERSION) {
        return "its format is of another version";
    }
    if (root->generation >> 63 != 0) { return "its generation is too high"; }
    if (root->pages > disk_pages) { return "it was made for a larger disk"; }
    if (!format_geometry(root->pages, root->entries, root->slots,
                         ret_geometry)) {
        return "its root promises more than the disk has room for";
    }
    uint32_t unused = STORE_INDEX_PAGES - ret_geometry->index_pages;
    if (!format_is_zero(root->zero, sizeof root->zero) ||
        !format_is_zero(&root->index[ret_geometry->index_pages],
                        unused * sizeof root->index[0])) {
        return "its root has something where nothing is to be";
    }
    return NULL;
}

bool format_name_is_good(const char name[STORE_NAME_BYTES], bool may_be_empty)
{
    size_t length = 0;
    while (length < STORE_NAME_BYTES && name[length] != '\0') {
        char c = name[length++];
        bool is_letter = c >= 'a' && c <= 'z';
        bool is_other = (c >= '0' && c <= '9') || c == '_' || c == '-';
        if (!is_letter && (length == 1 || !is_other)) { return false; }
    }
    return length < STORE_NAME_BYTES && (length > 0 || may_be_empty) &&
           format_is_zero(name + length, STORE_NAME_BYTES - length);
}

const char *format_entry_fault(const struct store_entry *entry,
                               const struct store_geometry *geometry)
{
    if (!format_name_is_good(entry->name, false)) { return "has no good name"; }
    if (!format_name_is_good(entry->owner, true)) {
        return "has an owner with no good name";
    }
    if (entry->serial == 0 || entry->serial >> 63 != 0) {
        return "has no good serial number";
    }
    if ((entry->flags & ~(uint32_t)STORE_FLAGS) != 0 ||
        !format_is_zero(entry->zero, sizeof entry->zero)) {
        return "has something where nothing is to be";
    }
    if (entry->pages > geometry->slots ||
        entry->first > geometry->slots - entry->pages ||
        (entry->pages == 0 && entry->first != 0)) {
        return "has slots that are none";
    }
    return NULL;
}
