#include "keeper.h"

#include <program.h>
#include <stdio.h>
#include <text.h>

#define USUAL_BYTES 64
#define MOST_BYTES 1024

void post_mortem_drop(struct post_mortem *post_mortem)
{
    storage_return(&keeper.parent.storage, post_mortem->run);
    *post_mortem = (struct post_mortem){ .base = 0 };
}

void post_mortem_take(struct post_mortem *post_mortem, struct child *child,
                      const char *how, bool with_storage)
{
    post_mortem_drop(post_mortem);
    snprintf(post_mortem->how, sizeof post_mortem->how, "%s", how);
    (void)kerne_read_registers(child->reference, &post_mortem->registers);
    if (with_storage) {
        post_mortem->run = child->run;
        post_mortem->base = child->base;
        child->run = (struct storage_run){ 0, 0 };
    }
}

static void print_rows(const struct post_mortem *post_mortem, uint64_t address,
                       uint64_t bytes)
{
    uint64_t size = post_mortem->run.pages * KERNE_PAGE;
    bytes = bytes < MOST_BYTES ? bytes : MOST_BYTES;
    address -= address % TEXT_IN_A_ROW;
    for (uint64_t end = address + bytes; address < end;
         address += TEXT_IN_A_ROW) {
        if (address < post_mortem->base ||
            address - post_mortem->base >= size) {
            say("%10lx  it had no storage there; it had 0x%lx to "
                "0x%lx",
                (unsigned long)address, (unsigned long)post_mortem->base,
                (unsigned long)(post_mortem->base + size - 1));
            return;
        }
        char row[TEXT_ROW_BYTES];
        text_of_bytes(address,
                      (const uint8_t *)post_mortem->run.first +
                          (address - post_mortem->base),
                      TEXT_IN_A_ROW, row);
        say("%s", row);
    }
}

void post_mortem_print(const struct post_mortem *post_mortem, const char *name,
                       uint64_t address, uint64_t bytes)
{
    const uint64_t *x = post_mortem->registers.x;
    if (post_mortem->how[0] == '\0') {
        say("%s has not died", name);
        return;
    }
    if (bytes == 0) {
        say("%s %s", name, post_mortem->how);
        say("  pc %lx  ra %lx  sp %lx  a0 %lx  a1 %lx", (unsigned long)x[0],
            (unsigned long)x[1], (unsigned long)x[2], (unsigned long)x[10],
            (unsigned long)x[11]);
        address = x[0];
        bytes = USUAL_BYTES;
    }
    if (post_mortem->run.pages == 0) {
        say("  its storage was not kept: its rule does not say "
            "`with storage`");
        return;
    }
    print_rows(post_mortem, address, bytes);
}
