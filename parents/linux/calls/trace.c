#include <calls/trace.h>

#include <calls/table.h>
#include <loop.h>
#include <memory/user.h>
#include <processes/process.h>
#include <skeleton.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <terminals/screen.h>

#define TEXT_BYTES 32 /* of a program's text that are shown */
#define LINE_BYTES 400

enum trace_kind trace_kind;

struct line {
    char text[LINE_BYTES];
    size_t used;
};

static void add(struct line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(struct line *line, const char *format, ...)
{
    va_list list;
    size_t room = sizeof line->text - line->used;
    va_start(list, format);
    int bytes = vsnprintf(line->text + line->used, room, format, list);
    va_end(list);
    line->used += (size_t)bytes < room ? (size_t)bytes : room - 1;
}

static const char *error_name(long error)
{
    static const char *const names[] = {
#define LINUX_ERROR(number, name) [number] = #name,
#include <errors.def>
#undef LINUX_ERROR
    };
    uint64_t number = (uint64_t)-error;
    return number < sizeof names / sizeof names[0] ? names[number] : NULL;
}

/* ---- arguments ----------------------------------------------------------- */

static void add_bytes(struct line *line, const char *bytes, uint64_t count)
{
    add(line, "\"");
    for (uint64_t i = 0; i < count; i++) {
        if (bytes[i] == '\n') {
            add(line, "\\n");
        } else if (bytes[i] < ' ' || bytes[i] > '~') {
            add(line, "\\x%02x", (uint8_t)bytes[i]);
        } else {
            add(line, "%c", bytes[i]);
        }
    }
    add(line, "\"");
}

static void add_text(struct line *line, struct thread *t, uint64_t address)
{
    char text[TEXT_BYTES * 2];
    long length = user_text(t->space, text, address, sizeof text);
    if (length == -LINUX_EFAULT) {
        add(line, "%#lx", (unsigned long)address);
        return;
    }
    bool is_cut = length < 0;
    add_bytes(line, text, is_cut ? sizeof text : (uint64_t)length);
    if (is_cut) { add(line, "..."); }
}

static void add_area(struct line *line, struct thread *t, uint64_t address,
                     uint64_t bytes)
{
    char text[TEXT_BYTES];
    uint64_t part = bytes < TEXT_BYTES ? bytes : TEXT_BYTES;
    if (user_read(t->space, text, address, part) != 0) {
        add(line, "%#lx", (unsigned long)address);
        return;
    }
    add_bytes(line, text, part);
    if (part < bytes) { add(line, "..."); }
}

static void add_argument(struct line *line, struct thread *t, char kind,
                         const uint64_t *a)
{
    unsigned long value = *a;
    switch (kind) {
    case 'd':
    case 'f':
    case 'S': add(line, "%ld", (long)(int64_t)value); break;
    case 'o': add(line, "%#lo", value); break;
    case 's': add_text(line, t, value); break;
    case 'b': add_area(line, t, value, a[1]); break;
    case 'F':
        if ((int)value == LINUX_AT_FDCWD) {
            add(line, "AT_FDCWD");
        } else {
            add(line, "%d", (int)value);
        }
        break;
    default: add(line, value == 0 ? "%lu" : "%#lx", value); break;
    }
}

static void add_call(struct line *line, struct thread *t, uint64_t number,
                     const uint64_t *a)
{
    const struct call_entry *entry = &call_table[number];
    add(line, "[%u] %s(", t->id, entry->name);
    for (unsigned i = 0; entry->arguments[i] != '\0'; i++) {
        if (i > 0) { add(line, ", "); }
        add_argument(line, t, entry->arguments[i], &a[i]);
    }
    add(line, ")");
}

static void add_value(struct line *line, long value)
{
    const char *name = value < 0 ? error_name(value) : NULL;
    if (value == CALL_WAITS) {
        add(line, " waits");
    } else if (value == CALL_RESTART) {
        add(line, " is interrupted");
    } else if (name != NULL) {
        add(line, " = -%s", name);
    } else if (value > 1 << 24 || value < 0) {
        add(line, " = %#lx", (unsigned long)value);
    } else {
        add(line, " = %ld", value);
    }
}

long trace_call(struct thread *t, uint64_t number, const uint64_t *a)
{
    struct line line = { .used = 0 };
    add_call(&line, t, number, a);
    long value = call_table[number].function(t, a);
    if (value != CALL_NO_ANSWER) { add_value(&line, value); }
    screen_say(line.text);
    return value;
}

void trace_missing(const struct thread *t, uint64_t number, const uint64_t *a)
{
    static uint8_t told[CALLS];
    uint64_t at = number < CALLS ? number : CALLS - 1;
    if (told[at]) { return; }
    told[at] = 1;
    parent_say(&linux_parent,
               "[%u] %s: call %lu(%#lx, %#lx, %#lx) is not there: ENOSYS",
               t->id, t->process->name, (unsigned long)number,
               (unsigned long)a[0], (unsigned long)a[1], (unsigned long)a[2]);
}
