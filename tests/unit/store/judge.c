/*
 * Says of each disk of 256 pages that it reads from its input, in a line,
 * whether a store mounts it, or why it does not: for store_disks.py.
 */
#include "rig.h"

#include <stdio.h>

int main(void)
{
    struct rig *rig = rig_make(256, STORE_ENTRIES, CACHE_FRAMES, NULL);
    while (fread(rig->disk.current, STORE_PAGE, rig->disk.pages, stdin) ==
           rig->disk.pages) {
        bool is_sound = rig_mount(rig) && rig_is_sound(rig);
        (void)puts(is_sound ? "sound" : rig->store.why);
        (void)fflush(stdout);
    }
    rig_free(rig);
    return 0;
}
