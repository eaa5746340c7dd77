/*
 * A machine whose nucleus is watched: machine.h and watch.h, put together.
 *
 * S1  What a moment's events are follows from the machine's state alone; so a
 *     moment that is come to again tells the same events, with the same times
 *     and numbers of traps.
 */
#pragma once

#include <machine.h>
#include <watch.h>

struct session;

/* Whoever takes an event. */
typedef void session_told(void *context, const struct watch_event *event);

/* Looks on at a machine that has executed nothing, by the layout of its
 * nucleus.  Null: there is no room. */
struct session *session_create(struct machine *m,
                               const uint64_t layout[LAYOUT_WORDS],
                               session_told *told, void *context);

/* As machine_run(); what idling ends is told, too. */
enum machine_state session_run(struct session *s, uint64_t until);

/* From now on session_run() returns at the end of each trap; or does not. */
void session_by_traps(struct session *s, bool is_so);

/* The machine is now at another moment: nothing is told of the way there. */
void session_again(struct session *s);

/* The tables, as they are now; null: there are none yet. */
const struct tables *session_tables(const struct session *s);

/* Copies bytes of a process's storage.  Returns how many there are, up to the
 * first page without windows. */
size_t session_read(const struct session *s, uint32_t process, uint64_t address,
                    void *ret_bytes, size_t count);
