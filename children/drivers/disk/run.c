#include "run.h"

#include "device.h"

#include <stdlib.h>

static struct kerne_range run; /* by the parent's addresses */
static char *own_pages;
static uint64_t *seen; /* of each page, where the device sees it */

static uint64_t argument(int argc, char **argv, const char *key)
{
    size_t length = strlen(key);
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], key, length) == 0) {
            return strtoull(argv[i] + length, NULL, 0);
        }
    }
    return 0;
}

void run_open(int argc, char **argv)
{
    uint64_t first = argument(argc, argv, "run=");
    uint64_t pages = argument(argc, argv, "pages=");
    own_pages = (char *)argument(argc, argv, "at=");
    if (pages == 0) { return; }
    seen =
        pages < SIZE_MAX / sizeof(*seen) ? malloc(pages * sizeof(*seen)) : NULL;
    if (seen == NULL || first % KERNE_PAGE != 0) {
        kerne_give_up("disk: it has no storage to note where %lu pages are, or "
                      "the run begins at no page",
                      (unsigned long)pages);
    }
    for (uint64_t i = 0; i < pages; i++) {
        seen[i] = device_sees(own_pages + i * KERNE_PAGE);
    }
    run = (struct kerne_range){ first, first + pages * KERNE_PAGE };
}

bool run_holds(uint64_t first, uint64_t last)
{
    return first >= run.first && first <= last && last <= run.last;
}

void *run_own(uint64_t address) { return own_pages + (address - run.first); }

const uint64_t *run_pages(uint64_t address)
{
    return seen + (address - run.first) / KERNE_PAGE;
}
