#include <calls/table.h>

const struct call_entry call_table[CALLS] = {
#define LINUX_CALL(number, name, arguments) \
    [number] = { #name, arguments, call_##name },
#define LINUX_SAME(number, name, as, arguments) \
    [number] = { #name, arguments, call_##as },
#include "table.def"
#undef LINUX_CALL
#undef LINUX_SAME
};

static long no_call(struct thread *t, uint64_t number, const uint64_t *a)
{
    if (trace_kind != TRACE_NOTHING) { trace_missing(t, number, a); }
    return -LINUX_ENOSYS;
}

long call_run_oddly(struct thread *t, uint64_t number, const uint64_t *a)
{
    return number < CALLS && call_table[number].function != NULL
               ? trace_call(t, number, a)
               : no_call(t, number, a);
}
