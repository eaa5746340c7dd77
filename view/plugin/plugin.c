/*
 * A plugin of QEMU: what happens in the nucleus, as lines of JSON.
 *
 *   qemu-system-riscv64 ... -object memory-backend-file,id=ram,size=128M,
 *     mem-path=RAM,share=on -machine virt,memory-backend=ram
 *     -plugin libview.so,ram=RAM,layout=LAYOUT,out=FILE
 *
 * The machine's storage is a file that QEMU shares.  Only the nucleus's own
 * instructions are watched: its stores, and where it returns to a process or
 * waits for an interrupt; programs run as fast as ever.  The plugin has no
 * access to registers in QEMU 7.2, so the words of an answer that was taken in
 * the trap that gave it are not there.
 *
 * `at` counts instructions, as of the blocks that were entered: where a block
 * was left by a trap, the rest of it is counted too.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "qemu.h"
#include "watch.h"

#define EXPORT __attribute__((visibility("default")))
#define RAM_FIRST UINT64_C(0x80000000)
#define LINE_BYTES 1024
#define SRET 0x10200073
#define WFI 0x10500073

EXPORT int qemu_plugin_version = 1;

static struct tables tables = { .first = RAM_FIRST };
static uint64_t layout[LAYOUT_WORDS];
static struct watch *watch; /* null: the tables are not made yet */
static FILE *out;
static uint64_t instructions, traps;

static void told(void *context, const struct watch_event *event)
{
    char line[LINE_BYTES];
    struct json j = { .buffer = line, .size = sizeof(line), .is_first = true };
    (void)context;
    watch_write(event, &j);
    if (j.length <= j.size) {
        fwrite(line, 1, j.length, out);
        putc('\n', out);
    }
}

static void stored(unsigned hart, qemu_plugin_meminfo_t info, uint64_t address,
                   void *data)
{
    (void)hart, (void)info, (void)data;
    if (watch != NULL && address >= layout[AT_DIRECT]) {
        watch_store(watch, address - layout[AT_DIRECT]);
    }
}

static void trap_ended(unsigned hart, void *data)
{
    (void)hart, (void)data;
    traps++;
    if (watch != NULL) {
        watch_trap_end(watch, instructions, traps, 0, NULL);
    } else if (tables_find(&tables)) {
        void *memory = calloc(1, watch_bytes(&tables));
        if (memory == NULL) { return; }
        watch = watch_begin(memory, &tables, told, NULL);
    }
}

/* Who reads along is not to wait for more. */
static void idles(unsigned hart, void *data)
{
    trap_ended(hart, data);
    fflush(out);
}

/* Can an instruction store into memory?  Those that only may are watched too;
 * QEMU calls back when they do. */
static void look_at(struct qemu_plugin_insn *insn)
{
    uint32_t word = 0;
    size_t size = qemu_plugin_insn_size(insn);
    memcpy(&word, qemu_plugin_insn_data(insn), size < 4 ? size : 4);
    if (word == SRET || word == WFI) {
        qemu_plugin_register_vcpu_insn_exec_cb(
            insn, word == SRET ? trap_ended : idles, QEMU_PLUGIN_CB_NO_REGS,
            NULL);
    } else {
        qemu_plugin_register_vcpu_mem_cb(insn, stored, QEMU_PLUGIN_CB_NO_REGS,
                                         QEMU_PLUGIN_MEM_W, NULL);
    }
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
    size_t count = qemu_plugin_tb_n_insns(tb);
    struct qemu_plugin_insn *first = qemu_plugin_tb_get_insn(tb, 0);
    uint64_t pc = qemu_plugin_insn_vaddr(first);
    (void)id;
    qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64,
                                             &instructions, count);
    if (pc < layout[AT_nucleus_first] || pc >= layout[AT_text_last]) { return; }
    for (size_t i = 0; i < count; i++) {
        look_at(qemu_plugin_tb_get_insn(tb, i));
    }
}

static void finish(qemu_plugin_id_t id, void *data)
{
    (void)id, (void)data;
    fclose(out);
}

/* ---- arguments --------------------------------------------------------- */

static bool refuse(const char *what, const char *path)
{
    fprintf(stderr, "view: %s %s\n", what, path);
    return false;
}

static bool map_storage(const char *path)
{
    struct stat status;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &status) != 0) {
        return refuse("cannot open the machine's storage,", path);
    }
    tables.bytes = (uint64_t)status.st_size;
    void *at = mmap(NULL, tables.bytes, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (at == MAP_FAILED) {
        return refuse("cannot map the machine's storage,", path);
    }
    tables.ram = at;
    return true;
}

static bool read_layout(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) { return refuse("cannot open the layout,", path); }
    size_t count = fread(layout, sizeof(layout[0]), LAYOUT_WORDS, file);
    bool whole = count == LAYOUT_WORDS && getc(file) == EOF;
    fclose(file);
    tables.layout = layout;
    return whole || refuse("is the layout of another version:", path);
}

static bool open_output(const char *path)
{
    out = fopen(path, "w");
    return out != NULL || refuse("cannot write to", path);
}

/* One argument, name=value; false: refused. */
static bool take(const char *argument)
{
    const char *value = strchr(argument, '=');
    if (value == NULL) { return refuse("unknown argument", argument); }
    size_t length = (size_t)(value++ - argument);
    if (length == 3 && memcmp(argument, "ram", length) == 0) {
        return map_storage(value);
    }
    if (length == 6 && memcmp(argument, "layout", length) == 0) {
        return read_layout(value);
    }
    if (length == 3 && memcmp(argument, "out", length) == 0) {
        return open_output(value);
    }
    return refuse("unknown argument", argument);
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info,
                               int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (!take(argv[i])) { return -1; }
    }
    if (tables.ram == NULL || tables.layout == NULL || out == NULL) {
        refuse("wants ram=FILE, layout=FILE and", "out=FILE");
        return -1;
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, finish, NULL);
    return 0;
}
