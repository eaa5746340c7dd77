/*
 * In QEMU, for tests/bench/longest_off.py: what runs of the nucleus between two
 * places at which a stretch ends.  A line for each stretch that is long, unless
 * one like it has been: its blocks, as their first instruction and their
 * instructions.
 *
 *     ffffffc080200abc 12 ffffffc080200c00 3 ...
 *
 * Arguments: text=FIRST..LAST, the nucleus's instructions; end=ADDRESS, where
 * one ends, any number of times; worth=N, instructions; out=FILE.
 */
#include "qemu.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))
#define ENDS 8
#define KNOWN (1 << 20) /* stretches */

struct block {
    uint64_t first, count; /* instruction, instructions */
    bool ends;             /* a stretch ends before it */
};

EXPORT extern int qemu_plugin_version;
EXPORT int qemu_plugin_version = 1;

static uint64_t text_first, text_last, worth;
static uint64_t ends[ENDS];
static unsigned end_count;
static FILE *out;

/* The stretch so far; none before the first end. */
static const struct block **stretch;
static size_t blocks, room;
static uint64_t length, mark;
static bool begun;

static uint64_t known[KNOWN]; /* marks of stretches that have been told */

/* Whether it is the first with this mark. */
static bool is_new(void)
{
    uint64_t at = mark % KNOWN;
    for (unsigned tried = 0; tried < KNOWN; tried++, at = (at + 1) % KNOWN) {
        if (known[at] == mark) { return false; }
        if (known[at] == 0) {
            known[at] = mark;
            return true;
        }
    }
    return true; /* there are too many */
}

static void end_stretch(void)
{
    if (begun && length >= worth && is_new()) {
        for (size_t i = 0; i < blocks; i++) {
            fprintf(out, "%s%lx %lu", i == 0 ? "" : " ", stretch[i]->first,
                    stretch[i]->count);
        }
        putc('\n', out);
    }
    begun = true;
    blocks = 0;
    length = 0;
    mark = 1;
}

static void runs(unsigned hart, void *data)
{
    const struct block *b = data;
    (void)hart;
    if (b->ends) { end_stretch(); }
    if (!begun) { return; }
    if (blocks == room) {
        room = 2 * room + 1024;
        stretch = realloc(stretch, room * sizeof stretch[0]);
        if (stretch == NULL) { abort(); }
    }
    stretch[blocks++] = b;
    length += b->count;
    mark = (mark ^ (b->first << 10) ^ b->count) * UINT64_C(0x100000001b3) | 1;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    uint64_t first = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0));
    (void)id;
    if (first < text_first || first > text_last) { return; }
    struct block *b = malloc(sizeof *b); /* as long as QEMU may run it */
    if (b == NULL) { abort(); }
    *b = (struct block){ first, qemu_plugin_tb_n_insns(tb), false };
    for (unsigned i = 0; i < end_count; i++) { b->ends |= ends[i] == first; }
    qemu_plugin_register_vcpu_tb_exec_cb(tb, runs, QEMU_PLUGIN_CB_NO_REGS, b);
}

static void finish(qemu_plugin_id_t id, void *data)
{
    (void)id;
    (void)data;
    end_stretch();
    fclose(out);
}

static bool take(const char *argument)
{
    const char *value = strchr(argument, '=');
    if (value == NULL) { return false; }
    char *rest;
    uint64_t number = strtoull(value + 1, &rest, 0);
    if (strncmp(argument, "text=", 5) == 0) {
        text_first = number;
        text_last = strtoull(rest + strspn(rest, "."), NULL, 0);
    } else if (strncmp(argument, "end=", 4) == 0 && end_count < ENDS) {
        ends[end_count++] = number;
    } else if (strncmp(argument, "worth=", 6) == 0) {
        worth = number;
    } else if (strncmp(argument, "out=", 4) == 0) {
        out = fopen(value + 1, "w");
    } else {
        return false;
    }
    return true;
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info,
                               int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (!take(argv[i])) {
            fprintf(stderr, "stretches: `%s` is no argument\n", argv[i]);
            return -1;
        }
    }
    if (out == NULL || text_last == 0) {
        fprintf(stderr, "stretches: wants text=FIRST..LAST and out=FILE\n");
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, finish, NULL);
    return 0;
}
