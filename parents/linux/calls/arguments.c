#include <calls/arguments.h>

#include <abi.h>
#include <memory/user.h>
#include <processes/process.h>
#include <processes/signals.h>
#include <string.h>

#define TEXT_BYTES 32 /* of a program's text that are shown */
#define TEXTS 8       /* of an array */

/* Kinds of what a call brings. */
static const char brought[] = "rzqwZT";

bool argument_is_brought(char kind) { return strchr(brought, kind) != NULL; }

static void add_address(struct line *line, uint64_t address)
{
    if (address == 0) {
        line_add(line, "NULL");
    } else {
        line_add(line, "%#lx", (unsigned long)address);
    }
}

static void add_text(struct line *line, struct thread *t, uint64_t address)
{
    char text[TEXT_BYTES * 2];
    long length = user_text(t->space, text, address, sizeof text);
    if (length == -LINUX_EFAULT) {
        add_address(line, address);
        return;
    }
    bool is_cut = length < 0;
    line_add_bytes(line, text, is_cut ? sizeof text : (uint64_t)length);
    if (is_cut) { line_add(line, "..."); }
}

static void add_texts(struct line *line, struct thread *t, uint64_t address)
{
    uint64_t at = 0;
    line_add(line, "[");
    for (unsigned i = 0;; i++) {
        if (user_read(t->space, &at, address + i * sizeof at, sizeof at) != 0) {
            add_address(line, address);
            break;
        }
        if (at == 0) { break; }
        if (i > 0) { line_add(line, ", "); }
        if (i == TEXTS) {
            line_add(line, "...");
            break;
        }
        add_text(line, t, at);
    }
    line_add(line, "]");
}

static void add_area(struct line *line, struct thread *t, uint64_t address,
                     uint64_t bytes)
{
    char text[TEXT_BYTES];
    uint64_t part = bytes < TEXT_BYTES ? bytes : TEXT_BYTES;
    if (user_read(t->space, text, address, part) != 0) {
        add_address(line, address);
        return;
    }
    line_add_bytes(line, text, part);
    if (part < bytes) { line_add(line, "..."); }
}

static void add_time(struct line *line, struct thread *t, uint64_t address)
{
    struct linux_time time;
    if (user_read(t->space, &time, address, sizeof time) != 0) {
        add_address(line, address);
        return;
    }
    line_add(line, "{%ld, %ld}", time.seconds, time.nanoseconds);
}

static void add_pair(struct line *line, struct thread *t, uint64_t address)
{
    int32_t pair[2];
    if (user_read(t->space, pair, address, sizeof pair) != 0) {
        add_address(line, address);
        return;
    }
    line_add(line, "[%d, %d]", pair[0], pair[1]);
}

static void add_status(struct line *line, struct thread *t, uint64_t address)
{
    uint32_t status;
    if (user_read(t->space, &status, address, sizeof status) != 0) {
        add_address(line, address);
    } else if (status == LINUX_IS_CONTINUED) {
        line_add(line, "[continued]");
    } else if ((status & 0xff) == LINUX_IS_STOPPED) {
        line_add(line, "[stopped by ");
        line_add_words(line, 'S', status >> 8);
        line_add(line, "]");
    } else if ((status & 0x7f) != 0) {
        line_add(line, "[killed by ");
        line_add_words(line, 'S', status & 0x7f);
        line_add(line, "]");
    } else {
        line_add(line, "[exited with %u]", status >> 8 & 0xff);
    }
}

static void add_stat(struct line *line, struct thread *t, uint64_t address)
{
    struct linux_stat stat;
    if (user_read(t->space, &stat, address, sizeof stat) != 0) {
        add_address(line, address);
        return;
    }
    line_add(line, "{st_mode=");
    line_add_words(line, 'm', stat.mode & LINUX_S_KIND);
    line_add(line, "|%#o, st_size=%ld, ...}", stat.mode & LINUX_S_BITS,
             stat.size);
}

static void add_brought(struct line *line, struct thread *t, char kind,
                        uint64_t address, long value)
{
    if (value < 0 || address == 0) {
        add_address(line, address);
        return;
    }
    switch (kind) {
    case 'r': add_area(line, t, address, (uint64_t)value); break;
    case 'z': add_text(line, t, address); break;
    case 'q': add_pair(line, t, address); break;
    case 'Z': add_stat(line, t, address); break;
    case 'T': add_time(line, t, address); break;
    default: /* 'w': nobody is waited for, and nothing brought, if it is 0 */
        if (value > 0) {
            add_status(line, t, address);
        } else {
            add_address(line, address);
        }
        break;
    }
}

void argument_add(struct line *line, struct thread *t, char kind,
                  const uint64_t *a, long value)
{
    uint64_t is = *a;
    if (argument_is_brought(kind)) {
        add_brought(line, t, kind, is, value);
        return;
    }
    switch (kind) {
    case 'd': line_add(line, "%ld", (long)is); break;
    case 'f': line_add(line, "%d", (int)is); break;
    case 'o': line_add(line, "%#lo", (unsigned long)is); break;
    case 'p': add_address(line, is); break;
    case 's': add_text(line, t, is); break;
    case 'v': add_texts(line, t, is); break;
    case 'b': add_area(line, t, is, a[1]); break;
    case 't': add_time(line, t, is); break;
    case 'x': line_add(line, is == 0 ? "%lu" : "%#lx", is); break;
    case 'F':
        if ((int)is == LINUX_AT_FDCWD) {
            line_add(line, "AT_FDCWD");
        } else {
            line_add(line, "%d", (int)is);
        }
        break;
    default: line_add_words(line, kind, is & UINT32_MAX); break;
    }
}
