#include "options.h"

#include <machine.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "machine -kernel FILE -initrd FILE [OPTION ...]\n"
    "boots a nucleus on a RISC-V machine like QEMU's `virt`.  Options as of\n"
    "QEMU:\n"
    "  -m SIZE          storage, such as 128M\n"
    "  -append TEXT     the boot's arguments\n"
    "  -icount shift=0,sleep=off\n"
    "                   the clock jumps while the machine waits\n"
    "  -blockdev ... -device virtio-blk-device,drive=disk\n"
    "                   a disk, as tools/disks.py says it\n"
    "and of its own:\n"
    "  --until N        end when the clock is at N nanoseconds\n"
    "  --layout FILE    where the nucleus has its records: NAME.layout\n"
    "  --events FILE    write what happens in the nucleus, a JSON object a\n"
    "                   line; wants --layout\n"
    "  --record FILE    add what is typed, and when, to FILE\n"
    "  --replay FILE    type what FILE says: lines of a time in nanoseconds\n"
    "                   and bytes in hexadecimal\n"
    "  --figures        say at the end how fast it was\n"
    "  --hash           say at the end a number that stands for its state\n";

void give_up(const char *format, ...)
{
    va_list more;
    va_start(more, format);
    (void)fputs("machine: ", stderr);
    (void)vfprintf(stderr, format, more);
    (void)fputs("\n", stderr);
    va_end(more);
    exit(1);
}

static uint64_t size_of(const char *text)
{
    char *end;
    unsigned long long number = strtoull(text, &end, 10);
    unsigned shift = 20;
    if (*end == 'k' || *end == 'K') { shift = 10; }
    if (*end == 'G' || *end == 'g') { shift = 30; }
    bool has_unit = *end != '\0' && strchr("kKMmGg", *end) != NULL;
    bool is_one = end != text && text[0] != '-' && number < 1 << 22 &&
                  end[has_unit] == '\0';
    if (!is_one) { give_up("-m %s: that is no size; 128M is one", text); }
    return (uint64_t)number << shift;
}

static uint64_t number_of(const char *word, const char *text)
{
    char *end;
    unsigned long long number = strtoull(text, &end, 10);
    if (end == text || *end != '\0' || text[0] == '-') {
        give_up("%s %s: that is no number", word, text);
    }
    return number;
}

static void icount(struct options *o, const char *text)
{
    if (strcmp(text, "shift=0,sleep=off") == 0) {
        o->at_once = true;
    } else if (strcmp(text, "shift=0") != 0) {
        give_up("-icount %s: only shift=0, with sleep=off or not", text);
    }
}

/* Of a file; a comma in its name is doubled. */
static void blockdev(struct options *o, const char *text)
{
    static char path[4096];
    const char *name = strstr(text, "filename=");
    size_t used = 0;
    if (strncmp(text, "driver=file,", 12) != 0 &&
        strncmp(text, "driver=raw,", 11) != 0) {
        give_up("-blockdev %s: this machine's disk is a file as it stands",
                text);
    }
    if (strstr(text, "read-only=on") != NULL) { o->disk_is_read_only = true; }
    if (name == NULL) { return; }
    for (name += strlen("filename="); *name != '\0'; name++) {
        if (*name == ',' && *++name != ',') { break; }
        if (used + 1 == sizeof(path)) { give_up("a disk's name is too long"); }
        path[used++] = *name;
    }
    path[used] = '\0';
    o->disk = path;
}

/* Its properties, behind its name. */
static void device(struct options *o, const char *text)
{
    static const char name[] = "virtio-blk-device,drive=disk";
    static const char logical[] = ",logical_block_size=";
    static const char physical[] = ",physical_block_size=";
    static const char direct[] = ",indirect_desc=off";
    const char *at = text + strlen(name);
    bool is_known = strncmp(text, name, strlen(name)) == 0;
    while (is_known && *at != '\0') {
        if (strncmp(at, logical, strlen(logical)) == 0) {
            o->disk_block = (uint32_t)strtoul(at + strlen(logical), NULL, 10);
        } else if (strncmp(at, direct, strlen(direct)) == 0) {
            o->disk_is_direct = true;
        } else {
            is_known = strncmp(at, physical, strlen(physical)) == 0;
        }
        at += 1 + strcspn(at + 1, ",");
    }
    if (!is_known) {
        give_up("-device %s: this machine has no such device", text);
    }
}

/* Of QEMU's words those that ask for what this machine is anyway. */
static bool is_so(const char *word, const char *value)
{
    static const char *const known[][2] = {
        { "-M", "virt" },
        { "-display", "none" },
        { "-monitor", "none" },
        { "-parallel", "none" },
        { "-smp", "1" },
        { "-chardev", "stdio,id=console,mux=off,signal=off" },
        { "-serial", "chardev:console" },
        { "-global", "virtio-mmio.force-legacy=false" },
    };
    for (unsigned i = 0; i < sizeof(known) / sizeof(*known); i++) {
        if (strcmp(word, known[i][0]) == 0 && strcmp(value, known[i][1]) == 0) {
            return true;
        }
    }
    return false;
}

/* A word with the one behind it. */
static void pair(struct options *o, const char *word, const char *value)
{
#define IS(text) (strcmp(word, (text)) == 0)
    if (IS("-kernel")) {
        o->kernel = value;
    } else if (IS("-initrd")) {
        o->image = value;
    } else if (IS("-append")) {
        o->arguments = value;
    } else if (IS("-m")) {
        o->storage_bytes = size_of(value);
    } else if (IS("-icount")) {
        icount(o, value);
    } else if (IS("-blockdev")) {
        blockdev(o, value);
    } else if (IS("-device")) {
        device(o, value);
    } else if (IS("--until")) {
        o->until = number_of(word, value);
    } else if (IS("--events")) {
        o->events = value;
    } else if (IS("--layout")) {
        o->layout = value;
    } else if (IS("--record")) {
        o->record = value;
    } else if (IS("--replay")) {
        o->replay = value;
    } else if (!is_so(word, value)) {
        give_up("%s %s: this machine knows nothing of that; --help lists what "
                "it takes",
                word, value);
    }
}

struct options options_read(int count, char **words)
{
    struct options o = { .storage_bytes = 128 << 20, .until = MACHINE_NEVER };
    for (int i = 1; i < count; i++) {
        const char *word = words[i];
        if (IS("--help")) {
            (void)fputs(usage, stdout);
            exit(0);
        }
        if (IS("-no-reboot")) { continue; }
        if (IS("--figures") || IS("--hash")) {
            o.says_figures |= IS("--figures");
            o.says_hash |= IS("--hash");
            continue;
        }
        if (i + 1 == count) {
            give_up("%s: a word is missing behind it", word);
        }
        pair(&o, word, words[++i]);
    }
    if (o.kernel == NULL || o.image == NULL) {
        give_up("-kernel and -initrd say what to boot; --help says more");
    }
    if (o.events != NULL && o.layout == NULL) {
        give_up("--events wants --layout, too; --help says more");
    }
    return o;
}
