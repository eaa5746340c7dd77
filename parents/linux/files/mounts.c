#include <files/mounts.h>

#include <stddef.h>

static struct mount mounts[MOUNTS];
static unsigned count;

void mount_note(const struct mount *mount)
{
    if (count < MOUNTS) { mounts[count++] = *mount; }
}

const struct mount *mount_at(unsigned number)
{
    return number < count ? &mounts[number] : NULL;
}
