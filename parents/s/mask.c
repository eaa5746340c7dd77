/* Function masks, as the operator writes them. */
#include "describe.h"

#include <text.h>

#define ITEM_BYTES 40

uint64_t mask_usual(void)
{
    return s.parent.mask & ~KERNE_MASK_BIT(KERNE_physical_address);
}

static uint64_t bit_of_number(uint64_t wanted)
{
    switch (wanted) {
#define KERNE_FUNCTION(number, name, handler) \
    case (number):                            \
        return KERNE_MASK_BIT(number);
#include <functions.def>
#undef KERNE_FUNCTION
    default: return 0;
    }
}

static uint64_t bit_of_name(const char *name)
{
    static const struct {
        const char *name;
        uint64_t bit;
    } functions[] = {
#define KERNE_FUNCTION(number, name, handler) \
    { #name, KERNE_MASK_BIT((uint64_t)(number)) },
#include <functions.def>
#undef KERNE_FUNCTION
        { "counters", KERNE_MASK_COUNTERS },
    };
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        if (strcmp(functions[i].name, name) == 0) { return functions[i].bit; }
    }
    return 0;
}

/* One item of the list, without its "-". */
static bool read_item(const char *item, uint64_t *ret_bits)
{
    uint64_t number;
    if (strcmp(item, "all") == 0) {
        *ret_bits = s.parent.mask;
        return true;
    }
    if (strcmp(item, "none") == 0 || strcmp(item, "foreign") == 0) {
        *ret_bits = 0;
        return true;
    }
    *ret_bits = text_to_number(item, &number) ? bit_of_number(number)
                                              : bit_of_name(item);
    if (*ret_bits == 0) {
        return refuse("function unknown: `%s`; `help function` lists "
                      "them",
                      item);
    }
    if ((*ret_bits & ~s.parent.mask) != 0) {
        return refuse("not allowed: s itself may not call %s, so its "
                      "children may not",
                      item);
    }
    return true;
}

/* Words that say all, and stand without others. */
static bool is_whole(const char *item)
{
    return strcmp(item, "none") == 0 || strcmp(item, "foreign") == 0;
}

bool mask_read(const char *list, uint64_t *ret_mask)
{
    const char *whole = list;
    uint64_t mask = list[0] == '-' ? mask_usual() : 0;
    bool is_foreign = strcmp(list, "foreign") == 0;
    while (*list != '\0') {
        char item[ITEM_BYTES];
        uint64_t bits;
        bool away = *list == '-';
        list += away;
        size_t length = strcspn(list, ",");
        size_t kept = length < sizeof item ? length : sizeof item - 1;
        memcpy(item, list, kept);
        item[kept] = '\0';
        if (is_whole(item) && strcmp(whole, item) != 0) {
            return refuse("syntax error: `function %s`: `%s` stands "
                          "alone",
                          whole, item);
        }
        if (length == 0 || strcmp(list + length, ",") == 0) {
            return refuse("syntax error: `function %s`: an item of "
                          "the list is empty",
                          whole);
        }
        if (!read_item(item, &bits)) { return false; }
        mask = away ? mask & ~bits : mask | bits;
        list += length;
        list += *list == ',';
    }
    /* An empty mask means foreign; one without functions is not empty. */
    if (mask == 0 && !is_foreign) { mask = KERNE_MASK_COUNTERS; }
    *ret_mask = mask;
    return true;
}
