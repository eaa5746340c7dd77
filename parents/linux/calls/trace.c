#include <calls/trace.h>

#include <calls/arguments.h>
#include <calls/table.h>
#include <processes/process.h>
#include <skeleton.h>
#include <loop.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <terminals/screen.h>
#include <waiting/wait.h>

enum { EXIT = 93, EXIT_GROUP = 94, EXECVE = 221 }; /* calls */

enum trace_kind trace_kind;

/* Of TRACE_CALLS. */
static uint32_t only_process;              /* 0: all */
static char only_name[PROCESS_NAME_BYTES]; /* empty: all */
_Static_assert(PROCESS_NAME_BYTES == TRACE_WHAT_BYTES, "a name is shown");

/* ---- who is traced ------------------------------------------------------- */

bool trace_set(const char *what)
{
    size_t length = strlen(what);
    bool is_number = strspn(what, "0123456789") == length;
    bool is_kind = true;
    if (length == 0 || length >= sizeof only_name) { return false; }
    only_process = 0;
    memset(only_name, 0, sizeof only_name);
    if (strcmp(what, "nothing") == 0) {
        trace_kind = TRACE_NOTHING;
    } else if (strcmp(what, "missing") == 0) {
        trace_kind = TRACE_MISSING;
    } else {
        trace_kind = TRACE_CALLS;
        is_kind = strcmp(what, "all") == 0;
    }
    if (!is_kind && is_number) {
        only_process = (uint32_t)strtoul(what, NULL, 10);
    } else if (!is_kind) {
        memcpy(only_name, what, length + 1);
    }
    return true;
}

void trace_get(char ret_what[TRACE_WHAT_BYTES])
{
    static const char *const kinds[] = { [TRACE_NOTHING] = "nothing",
                                         [TRACE_MISSING] = "missing",
                                         [TRACE_CALLS] = "all" };
    if (only_process != 0) {
        snprintf(ret_what, TRACE_WHAT_BYTES, "%u", (unsigned)only_process);
    } else {
        const char *what = only_name[0] != '\0' ? only_name : kinds[trace_kind];
        snprintf(ret_what, TRACE_WHAT_BYTES, "%s", what);
    }
}

static bool is_traced(const struct process *p)
{
    return p != NULL && (only_process == 0 || p->id == only_process) &&
           (only_name[0] == '\0' || strcmp(p->name, only_name) == 0);
}

/* ---- calls --------------------------------------------------------------- */

/* The arguments from one on; while `value` is not known, up to the first that
 * hangs on it.  Returns the first that is left. */
static unsigned add_arguments(struct line *line, struct thread *t,
                              uint64_t number, const uint64_t *a, unsigned from,
                              const long *value)
{
    const char *kinds = call_table[number].arguments;
    unsigned i = from;
    for (; kinds[i] != '\0'; i++) {
        if (value == NULL && argument_is_brought(kinds[i])) { return i; }
        if (i > 0) { line_add(line, ", "); }
        argument_add(line, t, kinds[i], &a[i], value == NULL ? 0 : *value);
    }
    return i;
}

static void add_end(struct line *line, long value, bool is_execve)
{
    if (value == CALL_WAITS) {
        line_add(line, ") waits");
    } else if (call_is_cut(value)) {
        line_add(line, ") is interrupted");
    } else if (value == CALL_NO_ANSWER) {
        line_add(line, is_execve ? ") = 0" : ") = ?");
    } else {
        line_add(line, ") = ");
        line_add_value(line, value);
    }
}

long trace_call(struct thread *t, uint64_t number, const uint64_t *a)
{
    const struct call_entry *entry = &call_table[number];
    uint32_t process = t->process->id;
    bool is_execve = number == EXECVE, is_meant = is_traced(t->process);
    struct line line = { .used = 0 };
    if (!is_meant && !is_execve) { return entry->function(t, a); }
    line_add(&line, "[%u] %s(", t->id, entry->name);
    unsigned done = add_arguments(&line, t, number, a, 0, NULL);
    if (number == EXIT || number == EXIT_GROUP) {
        line_add(&line, ") = ?");
        screen_say(line.text);
        return entry->function(t, a);
    }
    bool has_waited = t->is_again;
    long value = entry->function(t, a);
    bool is_there = value != CALL_NO_ANSWER; /* the thread, surely */
    if (is_there) {
        long known = value < CALL_LEAST ? -1 : value;
        (void)add_arguments(&line, t, number, a, done, &known);
    }
    add_end(&line, value, is_execve);
    is_meant = is_meant || is_traced(process_find(process));
    if (is_meant && !(value == CALL_WAITS && has_waited)) {
        screen_say(line.text);
    }
    return value;
}

void trace_missing(const struct thread *t, uint64_t number, const uint64_t *a)
{
    static uint8_t told[CALLS];
    uint64_t at = number < CALLS ? number : CALLS - 1;
    if (told[at] || !is_traced(t->process)) { return; }
    told[at] = 1;
    parent_say(&linux_parent,
               "[%u] %s: call %lu(%#lx, %#lx, %#lx) is not there: ENOSYS",
               t->id, t->process->name, (unsigned long)number,
               (unsigned long)a[0], (unsigned long)a[1], (unsigned long)a[2]);
}

/* ---- what else happens --------------------------------------------------- */

void trace_delivered(const struct process *p, int signal)
{
    struct line line = { .used = 0 };
    if (!is_traced(p)) { return; }
    line_add(&line, "[%u] --- ", p->id);
    line_add_words(&line, 'S', (uint64_t)signal);
    line_add(&line, " ---");
    screen_say(line.text);
}

void trace_ended(const struct process *p, int32_t status)
{
    struct line line = { .used = 0 };
    if (!is_traced(p)) { return; }
    line_add(&line, "[%u] +++ ", p->id);
    if ((status & 0x7f) != 0) {
        line_add(&line, "killed by ");
        line_add_words(&line, 'S', (uint64_t)status & 0x7f);
    } else {
        line_add(&line, "exited with %d", status >> 8 & 0xff);
    }
    line_add(&line, " +++");
    screen_say(line.text);
}
