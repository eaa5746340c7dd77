/*
 * Writes a log of what a store writes, in QEMU's format blklogwrites, for
 * tools/store.py to check:
 *
 *     unit.store_log FILE STEPS [noflush]
 */
#include "rig.h"

#include <dice.h>
#include <stdlib.h>
#include <string.h>
#include <tap.h>

uint64_t dice_state = 1;

int main(int argc, char **argv)
{
    if (argc < 3) { return 2; }
    struct rig *rig = rig_make(256, 64, 32, argv[1]);
    rig->largest = 16;
    rig->disk.ignores_flush = argc > 3 && strcmp(argv[3], "noflush") == 0;
    for (long step = atol(argv[2]); step > 0; step--) {
        if (dice_percent(45)) {
            rig_random_work(rig);
        } else {
            rig_end_transfer(rig);
        }
    }
    rig_end_all(rig);
    disk_log_end(&rig->disk);
    rig_free(rig);
    return 0;
}
