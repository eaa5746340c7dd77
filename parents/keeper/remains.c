#include "remains.h"

#include <program.h>
#include <stdio.h>

#define ROW_BYTES 16
#define USUAL_BYTES 64
#define MOST_BYTES 1024

void remains_drop(struct small *small, struct remains *remains)
{
    storage_return(&small->storage, remains->run);
    *remains = (struct remains){ .base = 0 };
}

void remains_take(struct small *small, struct remains *remains,
                  struct child *child, const char *how, bool with_storage)
{
    remains_drop(small, remains);
    snprintf(remains->how, sizeof remains->how, "%s", how);
    (void)kerne_read_registers(child->reference, &remains->registers);
    if (with_storage) {
        remains->run = child->run;
        remains->base = child->base;
        child->run = (struct storage_run){ 0, 0 };
    }
}

/* One row: address, bytes in hexadecimal, and as text. */
static void print_row(const struct small *small, uint64_t address,
                      const uint8_t *bytes)
{
    char hex[ROW_BYTES * 3 + 2];
    char text[ROW_BYTES + 1] = "";
    size_t used = 0;
    for (unsigned i = 0; i < ROW_BYTES; i++) {
        used += (size_t)snprintf(hex + used, sizeof hex - used, "%s%02x",
                                 i == ROW_BYTES / 2 ? "  "
                                 : i == 0           ? ""
                                                    : " ",
                                 bytes[i]);
        text[i] = '.';
        if (bytes[i] >= ' ' && bytes[i] <= '~') { text[i] = (char)bytes[i]; }
    }
    small_say(small, "%10lx  %s  %s", (unsigned long)address, hex, text);
}

static void print_rows(const struct small *small, const struct remains *remains,
                       uint64_t address, uint64_t bytes)
{
    uint64_t size = remains->run.pages * KERNE_PAGE;
    bytes = bytes < MOST_BYTES ? bytes : MOST_BYTES;
    address -= address % ROW_BYTES;
    for (uint64_t end = address + bytes; address < end; address += ROW_BYTES) {
        if (address < remains->base || address - remains->base >= size) {
            small_say(small,
                      "%10lx  it had no storage there; it had 0x%lx to "
                      "0x%lx",
                      (unsigned long)address, (unsigned long)remains->base,
                      (unsigned long)(remains->base + size - 1));
            return;
        }
        print_row(small, address,
                  (const uint8_t *)remains->run.first +
                      (address - remains->base));
    }
}

void remains_print(const struct small *small, const struct remains *remains,
                   const char *name, uint64_t address, uint64_t bytes)
{
    const uint64_t *x = remains->registers.x;
    if (remains->how[0] == '\0') {
        small_say(small, "%s has not died", name);
        return;
    }
    if (bytes == 0) {
        small_say(small, "%s %s", name, remains->how);
        small_say(small, "  pc %lx  ra %lx  sp %lx  a0 %lx  a1 %lx",
                  (unsigned long)x[0], (unsigned long)x[1], (unsigned long)x[2],
                  (unsigned long)x[10], (unsigned long)x[11]);
        address = x[0];
        bytes = USUAL_BYTES;
    }
    if (remains->run.pages == 0) {
        small_say(small, "  its storage was not kept: its rule does not say "
                         "`with storage`");
        return;
    }
    print_rows(small, remains, address, bytes);
}
