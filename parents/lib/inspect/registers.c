#include "inspect.h"

#include <ctype.h>
#include <stdio.h>
#include <text.h>

#define REGISTERS 32 /* pc in the place of x0, then x1 to x31 */
#define IN_A_ROW 3
#define USUAL_BYTES 64
#define MOST_BYTES 1024

void inspect_registers(struct parent *parent, const struct child *child)
{
    static const char *const names[REGISTERS] = {
        "pc", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
        "a1", "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
        "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
    };
    struct kerne_register_file file = { .x = { 0 } };
    if (kerne_read_registers(child->reference, &file) != KERNE_r_normal) {
        return;
    }
    for (unsigned i = 0; i < REGISTERS; i += IN_A_ROW) {
        char row[80] = "";
        size_t used = 0;
        for (unsigned j = i; j < i + IN_A_ROW && j < REGISTERS; j++) {
            used +=
                (size_t)snprintf(row + used, sizeof row - used, "  %-3s %016lx",
                                 names[j], (unsigned long)file.x[j]);
        }
        parent_say(parent, "%s", row);
    }
}

/* ---- storage ------------------------------------------------------------ */

/* What the parent itself has of what the child has at `address`, if it is
 * storage that it lent: up to the end of that window; else null.  A device is
 * none: reading its registers would disturb it. */
static const uint8_t *lent_at(const struct child *child, uint64_t address)
{
    struct kerne_window_record window;
    uint64_t page = address / KERNE_PAGE;
    if (kerne_describe_window(child->reference, &page, &window) !=
            KERNE_r_normal ||
        address < window.address ||
        address - window.address >= window.pages * KERNE_PAGE) {
        return NULL;
    }
    uint64_t own = window.in_parent + (address - window.address);
    uint64_t run_end = child->run.first + child->run.pages * KERNE_PAGE;
    bool is_lent = (own >= child->run.first && own < run_end) ||
                   (own >= child->image.first && own < child->image.last);
    return is_lent ? (const uint8_t *)own : NULL;
}

static uint64_t least(uint64_t a, uint64_t b) { return a < b ? a : b; }

static void print(struct parent *parent, const struct child *child,
                  uint64_t first, uint64_t count)
{
    uint64_t end = first + count;
    while (first < end) {
        char row[TEXT_ROW_BYTES];
        const uint8_t *bytes = lent_at(child, first);
        uint64_t length = bytes == NULL ? KERNE_PAGE - first % KERNE_PAGE
                                        : TEXT_IN_A_ROW - first % TEXT_IN_A_ROW;
        length = least(length, end - first);
        if (bytes == NULL) {
            parent_say(parent, "%10lx  no storage that %s lent to %s",
                       (unsigned long)first, parent->name, child->name);
        } else {
            text_of_bytes(first, bytes, (unsigned)length, row);
            parent_say(parent, "%s", row);
        }
        first += length;
    }
}

/* Was an address of hexadecimal digits written without 0x? */
static void hint_at_hexadecimal(struct parent *parent,
                                const struct child *child, uint64_t first)
{
    char hexadecimal[24];
    uint64_t meant;
    snprintf(hexadecimal, sizeof hexadecimal, "0x%lu", (unsigned long)first);
    if (lent_at(child, first) == NULL && text_to_number(hexadecimal, &meant) &&
        lent_at(child, meant) != NULL) {
        parent_say(parent, "(%lu is decimal; %s has storage at %s)",
                   (unsigned long)first, child->name, hexadecimal);
    }
}

/* A number that may be left out: it begins with a digit. */
static bool comes_number(const struct words *words)
{
    const char *word = words_look(words);
    return word != NULL && isdigit((unsigned char)word[0]);
}

bool inspect_storage(struct parent *parent, const struct child *child,
                     struct words *words)
{
    const char *what = "an address, or how many bytes";
    struct kerne_register_file file = { .x = { 0 } };
    uint64_t count = USUAL_BYTES;
    (void)kerne_read_registers(child->reference, &file);
    uint64_t first = file.x[0] / TEXT_IN_A_ROW * TEXT_IN_A_ROW;
    bool has_first = comes_number(words);
    if ((has_first && !words_number(words, what, &first)) ||
        (comes_number(words) && !words_number(words, what, &count))) {
        return parent_refuse(parent, REFUSED_PLAINLY, "syntax error: %s",
                             words->wrong);
    }
    if (first >= EXECUTABLE_ADDRESS_END) {
        return parent_refuse(parent, REFUSED_PLAINLY,
                             "not allowed: addresses of a process end below "
                             "0x%lx",
                             (unsigned long)EXECUTABLE_ADDRESS_END);
    }
    print(parent, child, first, least(count, MOST_BYTES));
    if (has_first) { hint_at_hexadecimal(parent, child, first); }
    return true;
}
