#include <stdbool.h>
#include <string.h>

#include "root.h"

/* What is free: behind the record first, however little, then all else.  The
 * loader's own pages are free for the program. */
static void write_storage(struct root *root,
                          struct kerne_range ret_storage[KERNE_START_RANGES])
{
    struct kerne_ranges *free = &root->storage;
    unsigned count = 1;
    kerne_ranges_cut(free, root->place);
    kerne_ranges_cut(free, root->image);
    kerne_ranges_cut(free, root->device_tree);
    ret_storage[0].first = ret_storage[0].last = root->place.last;
    for (unsigned i = 0; i < free->count; i++) {
        bool is_behind = free->range[i].first == root->place.last;
        ret_storage[is_behind ? 0 : count] = free->range[i];
        count += !is_behind;
    }
}

/* Moves *text behind its blanks; bytes of the word that stands there. */
static size_t next_word(const char **text, const char *end)
{
    const char *last;
    while (*text < end && **text == ' ') { ++*text; }
    for (last = *text; last < end && *last != ' ';) { last++; }
    return (size_t)(last - *text);
}

/* Without those that the nucleus has taken; see kerne.h. */
static void write_arguments(const struct root *root,
                            char ret_arguments[KERNE_ARGUMENT_BYTES])
{
    const char *text = root->arguments;
    const char *end = text + strnlen(text, root->argument_bytes);
    size_t word = next_word(&text, end);
    while (memchr(text, '=', word) != NULL) {
        text += word;
        word = next_word(&text, end);
    }
    if (word == 2 && memcmp(text, "--", 2) == 0) {
        text += word;
        next_word(&text, end);
    }
    size_t length = (size_t)(end - text);
    memcpy(ret_arguments, text,
           length < KERNE_ARGUMENT_BYTES ? length : KERNE_ARGUMENT_BYTES - 1);
}

void root_load(struct root *root)
{
    struct kerne_start *start = (struct kerne_start *)root->program.last;
    executable_lay(&root->program, root->file.bytes, root->place.first,
                   root->place.last - root->place.first);
    start->magic = KERNE_START_MAGIC;
    start->bytes = sizeof *start;
    write_storage(root, start->storage);
    start->image = root->image;
    start->device_tree = root->device_tree;
    start->ticks_per_second = root->ticks_per_second;
    write_arguments(root, start->arguments);
}
