/* The machine as a whole: its time, and what its users ask of it. */
#include "control.h"
#include "execute.h"
#include "firmware.h"
#include "load.h"
#include "trap.h"

#define MEGABYTE (UINT64_C(1) << 20)

/* ---- time ---------------------------------------------------------------- */

uint64_t machine_deadline(const struct machine *m)
{
    uint64_t first = history_next(m);
    for (unsigned i = 0; i < ALARMS; i++) {
        if (m->alarm[i] < first) { first = m->alarm[i]; }
    }
    return first;
}

void machine_alarm(struct machine *m, enum alarm which, uint64_t when)
{
    m->alarm[which] = when;
    m->limit = 0;
}

void machine_pending(struct machine *m, uint64_t which, bool is)
{
    uint64_t before = m->hart.pending;
    m->hart.pending = is ? before | which : before & ~which;
    if (m->hart.pending != before) { m->limit = 0; }
}

static void ring(struct machine *m, enum alarm which)
{
    m->alarm[which] = MACHINE_NEVER;
    switch (which) {
    case ALARM_COMPARE: machine_pending(m, PENDING_TIMER, true); break;
    case ALARM_RTC: rtc_alarm(m); break;
    case ALARM_UART: uart_alarm(m); break;
    case ALARM_DISK: disk_alarm(m); break;
    case ALARMS: break;
    }
}

/* What has come due. */
void machine_look(struct machine *m)
{
    for (enum alarm i = 0; i < ALARMS; i++) {
        if (m->alarm[i] <= m->clock) { ring(m, i); }
    }
    if (m->hart.pending & m->hart.enabled) { m->hart.waits = false; }
    if (!m->hart.waits) { trap_interrupt(m); }
}

/* Where to look again. */
static void set_limit(struct machine *m, uint64_t until)
{
    uint64_t deadline = machine_deadline(m), limit = history_limit(m);
    if (deadline < limit) { limit = deadline; }
    m->limit = limit < until ? limit : until;
}

enum machine_state machine_state(const struct machine *m)
{
    if (m->has_halted) { return MACHINE_HALTED; }
    return m->hart.waits ? MACHINE_WAITS : MACHINE_RUNS;
}

enum machine_state machine_run(struct machine *m, uint64_t until)
{
    m->stops = false;
    for (;;) {
        if (m->has_halted) { return MACHINE_HALTED; }
        machine_look(m);
        if (history_look(m)) { continue; }
        set_limit(m, until);
        if (m->hart.waits) { return MACHINE_WAITS; }
        if (m->clock >= until || m->stops) { return MACHINE_RUNS; }
        execute(m);
    }
}

void machine_pass(struct machine *m, uint64_t until)
{
    uint64_t deadline = machine_deadline(m);
    if (until > deadline) { until = deadline; }
    if (machine_state(m) == MACHINE_WAITS && until > m->clock) {
        m->passed += until - m->clock;
        m->clock = until;
    }
}

void machine_stop(struct machine *m)
{
    m->stops = true;
    m->limit = 0;
}

uint64_t machine_clock(const struct machine *m) { return m->clock; }

uint64_t machine_executed(const struct machine *m)
{
    return m->clock - m->passed;
}

uint32_t machine_exit_status(const struct machine *m) { return m->exit_status; }

/* ---- the beginning ------------------------------------------------------- */

static void begin(struct machine *m)
{
    m->hart.reserved_at = UINT64_MAX;
    m->hart.mode = SUPERVISOR;
    m->hart.compare = MACHINE_NEVER;
    for (unsigned i = 0; i < ALARMS; i++) { m->alarm[i] = MACHINE_NEVER; }
    storage_context(m);
    plic_begin(m);
    uart_begin(m);
    disk_begin(m);
}

static const char *create(struct machine *m, const struct machine_config *c)
{
    m->config = *c;
    if (!storage_create(&m->storage, c->storage_bytes) ||
        !cache_create(&m->cache)) {
        return "there is no room for its storage here";
    }
    begin(m);
    m->clock = m->passed = firmware_begin(c);
    return load_all(m);
}

struct machine *machine_create(const struct machine_config *config,
                               const char **ret_why)
{
    uint64_t bytes = config->storage_bytes;
    struct machine *m = machine_room(sizeof(*m));
    if (bytes % (2 * MEGABYTE) != 0 || bytes < 16 * MEGABYTE ||
        bytes > 3072 * MEGABYTE) {
        *ret_why = "its storage is to be 16M to 3072M, and a multiple of 2M";
        return NULL;
    }
    *ret_why = m == NULL ? "there is no room here" : create(m, config);
    return *ret_why == NULL ? m : NULL;
}

/* ---- the console --------------------------------------------------------- */

/* As when it is typed again: after what happens now, and it wakes the hart. */
size_t machine_type(struct machine *m, const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    size_t room = UART_TYPED - m->uart.typed_count, left;
    if (count > room) { count = room; }
    machine_look(m);
    for (left = count; left > 0;) {
        uint8_t some = left < MACHINE_TYPED ? (uint8_t)left : MACHINE_TYPED;
        if (!history_type(m, at, some)) { break; }
        uart_type(m, at, some);
        machine_look(m);
        at += some;
        left -= some;
    }
    return count - left;
}

size_t machine_typing_room(const struct machine *m)
{
    return m->uart.typed_count > 0 ? 0 : UART_FIFO - m->uart.fifo_count;
}

size_t machine_sent(struct machine *m, const uint8_t **ret_bytes)
{
    size_t count = m->sent_count;
    *ret_bytes = m->sent;
    m->sent_count = 0;
    return count;
}

/* ---- looking ------------------------------------------------------------- */

uint64_t machine_register(struct machine *m, unsigned number)
{
    uint64_t value = 0;
    if (number < MACHINE_F) { return m->hart.x[number]; }
    if (number < MACHINE_PC) { return m->hart.f[number - MACHINE_F]; }
    if (number == MACHINE_PC) { return m->hart.pc; }
    if (number >= MACHINE_CONTROL) {
        (void)control_read(m, number - MACHINE_CONTROL, &value);
    }
    return value;
}

unsigned machine_mode(const struct machine *m) { return m->hart.mode; }

bool machine_read(const struct machine *m, uint64_t address, void *ret_bytes,
                  uint64_t count)
{
    if (!storage_has(&m->storage, address, count)) { return false; }
    __builtin_memcpy(ret_bytes, storage_at(&m->storage, address), count);
    return true;
}

bool machine_translate(struct machine *m, uint64_t address, uint64_t *ret)
{
    unsigned cause;
    return storage_translate(m, address, LOOK, ret, &cause);
}
