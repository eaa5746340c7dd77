#include <stdbool.h>
#include <stddef.h>

#include "root.h"

static bool overlap(struct kerne_range a, struct kerne_range b)
{
    return a.first < b.last && b.first < a.last;
}

/* The second file of the image.  The first is the loader. */
static const char *find_file(struct root *root)
{
    uint64_t cursor = 0;
    enum archive_result result =
        archive_next(&root->image, &cursor, &root->file);
    root->image.first += cursor;
    cursor = 0;
    if (result == ARCHIVE_MEMBER) {
        result = archive_next(&root->image, &cursor, &root->file);
    }
    switch (result) {
    case ARCHIVE_MEMBER: return NULL;
    case ARCHIVE_END:
        return "is missing: it is the second file of the boot image, behind "
               "the loader";
    case ARCHIVE_DAMAGED: break;
    }
    return "is cut short, or the boot image is damaged";
}

const char *root_plan(struct root *root)
{
    if (root->image.first >= root->image.last) {
        return "is missing: there is no boot image (-initrd)";
    }
    if (!kerne_ranges_hold(&root->storage, root->image)) {
        return "is missing: the boot image does not lie in storage";
    }
    const struct kerne_range whole = root->image;
    const char *refusal = find_file(root);
    if (refusal == NULL) {
        refusal =
            executable_check(root->file.bytes, root->file.size, &root->program);
    }
    if (refusal != NULL) { return refusal; }
    root->place.first = root->program.first;
    root->place.last = root->program.last + KERNE_PAGE;
    return kerne_ranges_hold(&root->storage, root->place) &&
                   !overlap(root->place, root->stack) &&
                   !overlap(root->place, root->device_tree) &&
                   !overlap(root->place, whole)
               ? NULL
               : "does not fit into storage: something else is at its place, "
                 "or nothing";
}
