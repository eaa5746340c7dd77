#include "keeper.h"

#include <text.h>

#define MOST_BYTES 1024

void post_mortem_drop(struct post_mortem *post_mortem)
{
    storage_return(&keeper.parent.storage, post_mortem->run);
    *post_mortem = (struct post_mortem){ .base = 0 };
}

void post_mortem_take(struct post_mortem *post_mortem, struct child *child,
                      bool with_storage)
{
    post_mortem_drop(post_mortem);
    strcpy(post_mortem->how, keeper.parent.ending);
    (void)kerne_read_registers(child->reference, &post_mortem->registers);
    if (with_storage) {
        post_mortem->run = child->run;
        post_mortem->base = child->base;
        child->run = (struct storage_run){ 0, 0 };
    }
}

/* At least one row, though it may say that there is none. */
static void print_rows(const struct post_mortem *post_mortem, uint64_t address,
                       uint64_t bytes)
{
    uint64_t base = post_mortem->base;
    uint64_t size = post_mortem->run.pages * KERNE_PAGE;
    uint64_t before = address % TEXT_IN_A_ROW;
    uint64_t count = before + (bytes < MOST_BYTES ? bytes : MOST_BYTES);
    for (uint64_t i = 0; i < count; i += TEXT_IN_A_ROW) {
        char row[TEXT_ROW_BYTES];
        uint64_t offset = address - before + i - base; /* below: very large */
        if (offset >= size) {
            say("%10lx  it had no storage there; it had 0x%lx to 0x%lx",
                (unsigned long)(base + offset), (unsigned long)base,
                (unsigned long)(base + size - 1));
            return;
        }
        text_of_bytes(base + offset,
                      (const uint8_t *)post_mortem->run.first + offset,
                      TEXT_IN_A_ROW, row);
        say("%s", row);
    }
}

void post_mortem_print(const struct post_mortem *post_mortem, const char *name,
                       const uint64_t *address, uint64_t bytes)
{
    const uint64_t *x = post_mortem->registers.x;
    if (post_mortem->how[0] == '\0') {
        say("%s has not died", name);
        return;
    }
    if (address == NULL) {
        say("%s %s", name, post_mortem->how);
        say("  pc %lx  ra %lx  sp %lx  a0 %lx  a1 %lx", (unsigned long)x[0],
            (unsigned long)x[1], (unsigned long)x[2], (unsigned long)x[10],
            (unsigned long)x[11]);
    }
    if (post_mortem->run.pages == 0) {
        say("  its storage was not kept: its rule does not say "
            "`with storage`");
    } else {
        uint64_t row_of_pc = x[0] / TEXT_IN_A_ROW * TEXT_IN_A_ROW;
        print_rows(post_mortem, address == NULL ? row_of_pc : *address, bytes);
    }
}
