/*
 * Prints what is true in the nucleus of a machine whose storage is a file:
 *
 *   look RAM LAYOUT                    all of it, as state.h says
 *   look RAM LAYOUT windows P PAGE     windows of process P from there on
 *   look RAM LAYOUT way P PAGE         the way of a page up to the machine
 *   look RAM LAYOUT registers P        of process P, as its record has them
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state.h"

#define RAM_FIRST UINT64_C(0x80000000)
#define RANGES 1000 /* of windows at once */

static uint64_t layout[LAYOUT_WORDS];

static _Noreturn void fail(const char *what, const char *path)
{
    fprintf(stderr, "look: %s: %s\n", path, what);
    exit(1);
}

static void *map(const char *path, uint64_t *ret_bytes)
{
    struct stat status;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &status) != 0) { fail(strerror(errno), path); }
    *ret_bytes = (uint64_t)status.st_size;
    void *at = mmap(NULL, *ret_bytes, PROT_READ, MAP_SHARED, file, 0);
    if (at == MAP_FAILED) { fail(strerror(errno), path); }
    close(file);
    return at;
}

static uint64_t number(const char *text)
{
    char *end;
    unsigned long long value = strtoull(text, &end, 0);
    if (*text == '\0' || *end != '\0') { fail("is no number", text); }
    return value;
}

/* What the words behind the files ask for; false: nothing that there is. */
static bool write_answer(const struct tables *t, int count, char **word,
                         struct json *j)
{
    uint32_t process = count > 1 ? (uint32_t)number(word[1]) : 0;
    uint64_t page = count > 2 ? number(word[2]) : 0;
    if (count == 0) {
        state_write(t, j);
    } else if (count == 3 && strcmp(word[0], "windows") == 0) {
        state_windows(t, process, page, RANGES, j);
    } else if (count == 3 && strcmp(word[0], "way") == 0) {
        state_way(t, process, page, j);
    } else if (count == 2 && strcmp(word[0], "registers") == 0) {
        state_registers(t, process, j);
    } else {
        return false;
    }
    return true;
}

int main(int count, char **word)
{
    struct tables t = { .first = RAM_FIRST, .layout = layout };
    struct json j = { .is_first = true };
    uint64_t bytes;
    if (count < 3) { fail("wants RAM LAYOUT [WHAT...]", word[0]); }
    t.ram = map(word[1], &t.bytes);
    const void *file = map(word[2], &bytes);
    if (bytes != sizeof(layout)) {
        fail("is no layout, or one of another version", word[2]);
    }
    memcpy(layout, file, sizeof(layout));
    if (!tables_find(&t)) {
        fail("has no tables of a nucleus, or not yet", word[1]);
    }
    if (!write_answer(&t, count - 3, word + 3, &j)) {
        fail("is not among windows, way and registers", word[3]);
    }
    size_t size = j.length;
    j = (struct json){ .buffer = malloc(size), .size = size, .is_first = true };
    if (j.buffer == NULL) { fail("too little memory", word[0]); }
    write_answer(&t, count - 3, word + 3, &j);
    fwrite(j.buffer, 1, j.length < size ? j.length : size, stdout);
    putchar('\n');
    return 0;
}
