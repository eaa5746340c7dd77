#include "mask.h"

#include "text.h"

#include <skeleton.h>

#define refuse(...) parent_refuse(parent, REFUSED_PLAINLY, __VA_ARGS__)

uint64_t mask_usual(const struct parent *parent)
{
    return parent->mask & ~KERNE_MASK_BIT(KERNE_physical_address);
}

const struct mask_function mask_functions[] = {
#define KERNE_FUNCTION(number, name, handler) { #name, (number) },
#include <functions.def>
#undef KERNE_FUNCTION
    { NULL, 0 },
};

/* Those that a word of the list stands for; 0: none, or it is unknown. */
static uint64_t bits_of(const struct parent *parent, const char *word)
{
    uint64_t number = UINT64_MAX;
    const struct mask_function *f = mask_functions;
    if (strcmp(word, "all") == 0) { return parent->mask; }
    if (strcmp(word, "counters") == 0) { return KERNE_MASK_COUNTERS; }
    (void)text_to_number(word, &number);
    while (f->name != NULL && f->number != number &&
           strcmp(f->name, word) != 0) {
        f++;
    }
    return f->name == NULL ? 0 : KERNE_MASK_BIT(f->number);
}

/* Words that say all, and stand without others. */
static bool is_whole(const char *word)
{
    return strcmp(word, "none") == 0 || strcmp(word, "foreign") == 0;
}

/* One word of the list, without its "-". */
static bool read_word(struct parent *parent, const char *list, const char *word,
                      uint64_t *ret_bits)
{
    *ret_bits = is_whole(word) ? 0 : bits_of(parent, word);
    if (is_whole(word) && strcmp(list, word) != 0) {
        return refuse("syntax error: `function %s`: `%s` stands alone", list,
                      word);
    }
    if (word[0] == '\0') {
        return refuse("syntax error: `function %s`: an item of the list is "
                      "empty",
                      list);
    }
    if (*ret_bits == 0 && !is_whole(word)) {
        return refuse("function unknown: `%s`; `help function` lists them",
                      word);
    }
    return (*ret_bits & ~parent->mask) == 0 ||
           refuse("not allowed: %s itself may not call %s, so its children may "
                  "not",
                  parent->name, word);
}

bool mask_read(struct parent *parent, const char *list, uint64_t *ret_mask)
{
    char words[KERNE_LINE_BYTES + 1], *next = words;
    uint64_t bits, mask = list[0] == '-' ? mask_usual(parent) : 0;
    strcpy(words, list);
    while (next != NULL) {
        const char *word = next;
        bool away = word[0] == '-';
        next = strchr(next, ',');
        if (next != NULL) { *next++ = '\0'; }
        if (!read_word(parent, list, word + away, &bits)) { return false; }
        mask = away ? mask & ~bits : mask | bits;
    }
    /* An empty mask means foreign; one without functions is not empty. */
    if (mask == 0 && strcmp(list, "foreign") != 0) {
        mask = KERNE_MASK_COUNTERS;
    }
    *ret_mask = mask;
    return true;
}
