#include "registers.h"

#include "command.h"
#include "control.h"
#include "operator.h"
#include "text.h"

#include <program.h>
#include <stdio.h>

#define REGISTERS 32 /* pc in the place of x0, then x1 to x31 */
#define IN_A_ROW 3
#define ROW_BYTES 16
#define USUAL_BYTES 64
#define MOST_BYTES 1024

void registers_print(struct system *system, const struct child *child)
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
        operator_print(system, "%s", row);
    }
}

bool registers_command(struct system *system)
{
    const struct child *child = control_chosen(system);
    if (child == NULL || !control_is_process(system, child) ||
        !control_has_program(system, child)) {
        return false;
    }
    operator_print(system, "%s is %s", child->name,
                   control_state_words(child->state));
    registers_print(system, child);
    return true;
}

/* ---- storage ------------------------------------------------------------ */

/* Where s itself has what the child has at `address`, if it is storage that s
 * lent, up to the end of that page; else null. */
static const uint8_t *own_place(const struct child *child, uint64_t address)
{
    struct kerne_words window;
    uint64_t next;
    uint64_t page = address / KERNE_PAGE;
    if (kerne_describe(child->reference, KERNE_DESCRIBE_WINDOW, page, &next,
                       &window) != KERNE_r_normal ||
        window.w[2] == 0 || address < window.w[0] ||
        address - window.w[0] >= window.w[2] * KERNE_PAGE) {
        return NULL;
    }
    uint64_t own = window.w[1] + (address - window.w[0]);
    uint64_t run_end = child->run.first + child->run.pages * KERNE_PAGE;
    bool is_lent = (own >= child->run.first && own < run_end) ||
                   (own >= child->image.first && own < child->image.last);
    if (!is_lent) {
        return NULL; /* a device: reading its registers would disturb it */
    }
    return (const uint8_t *)own;
}

/* One row: address, bytes in hexadecimal, and as text. */
static void print_row(struct system *system, uint64_t address,
                      const uint8_t *bytes, uint64_t count)
{
    char hex[ROW_BYTES * 3 + 2];
    char text[ROW_BYTES + 1];
    size_t used = 0;
    for (uint64_t i = 0; i < ROW_BYTES; i++) {
        bool there = i < count;
        uint8_t byte = there ? bytes[i] : 0;
        used += (size_t)snprintf(hex + used, sizeof hex - used,
                                 there ? "%s%02x" : "%s  ",
                                 i == ROW_BYTES / 2 ? "  "
                                 : i == 0           ? ""
                                                    : " ",
                                 byte);
        text[i] = !there ? ' ' : byte >= ' ' && byte <= '~' ? (char)byte : '.';
    }
    text[ROW_BYTES] = '\0';
    operator_print(system, "%10lx  %s  %s", (unsigned long)address, hex, text);
}

static void print_storage(struct system *system, const struct child *child,
                          uint64_t first, uint64_t count)
{
    uint64_t end = first + count;
    while (first < end) {
        const uint8_t *bytes = own_place(child, first);
        uint64_t row = ROW_BYTES - first % ROW_BYTES;
        row = row < end - first ? row : end - first;
        if (bytes == NULL) {
            operator_print(system, "%10lx  no storage that s lent to %s",
                           (unsigned long)first, child->name);
            row = KERNE_PAGE - first % KERNE_PAGE;
        } else {
            print_row(system, first, bytes, row);
        }
        first += row < end - first ? row : end - first;
    }
}

/* A number that may be left out: a word that does not begin with a digit is
 * the next command.  False: refused. */
static bool take_number(struct system *system, uint64_t *number,
                        const char **ret_word)
{
    const char *word = line_look(&system->line);
    *ret_word = NULL;
    if (word == NULL || word[0] < '0' || word[0] > '9') { return true; }
    *ret_word = word;
    return command_number(system, "print", "an address, or how many bytes",
                          number);
}

/* Was an address of hexadecimal digits written without 0x? */
static void hint_at_hexadecimal(struct system *system,
                                const struct child *child, uint64_t first,
                                const char *word)
{
    char hexadecimal[24];
    uint64_t meant;
    snprintf(hexadecimal, sizeof hexadecimal, "0x%s", word);
    if (own_place(child, first) == NULL &&
        text_to_number(hexadecimal, &meant) && meant != first &&
        own_place(child, meant) != NULL) {
        operator_print(system, "(%s is decimal; %s has storage at %s)", word,
                       child->name, hexadecimal);
    }
}

bool registers_storage(struct system *system)
{
    struct kerne_register_file file = { .x = { 0 } };
    uint64_t first = 0;
    uint64_t count = USUAL_BYTES;
    const char *word, *count_word;
    if (!take_number(system, &first, &word) ||
        (word != NULL && !take_number(system, &count, &count_word))) {
        return false;
    }
    const struct child *child = control_chosen(system);
    if (child == NULL || !control_is_process(system, child) ||
        !control_has_program(system, child)) {
        return false;
    }
    if (word == NULL &&
        kerne_read_registers(child->reference, &file) == KERNE_r_normal) {
        first = file.x[0] / ROW_BYTES * ROW_BYTES;
    }
    count = count < MOST_BYTES ? count : MOST_BYTES;
    if (first >= EXECUTABLE_ADDRESS_END) {
        return operator_refuse(system,
                               "not allowed: addresses of a process end below "
                               "0x%lx",
                               (unsigned long)EXECUTABLE_ADDRESS_END);
    }
    print_storage(system, child, first, count);
    if (word != NULL) { hint_at_hexadecimal(system, child, first, word); }
    return true;
}
