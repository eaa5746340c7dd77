#include <files/parcel.h>

#include <files/socket.h>
#include <memory/pool.h>

static struct parcel *flying; /* all that lie in sockets */
static struct parcel *lost;   /* those that are to go */
static bool is_settling, is_due;

static uint64_t bytes_of(uint64_t count)
{
    return sizeof(struct parcel) + count * sizeof(struct file *);
}

uint64_t parcel_bytes(const struct parcel *p)
{
    return p == NULL ? 0 : bytes_of(p->count);
}

struct parcel *parcel_make(struct file *const *file, uint64_t count)
{
    struct parcel *p = pool_take(bytes_of(count));
    if (p == NULL) { return NULL; }
    p->count = count;
    for (uint64_t i = 0; i < count; i++) {
        p->file[i] = file[i];
        file_use(file[i]);
    }
    return p;
}

static struct socket *socket_in(const struct parcel *p, uint64_t number)
{
    return socket_of(p->file[number]);
}

static void count_sockets(const struct parcel *p, int32_t more)
{
    for (uint64_t i = 0; i < p->count; i++) {
        struct socket *s = socket_in(p, i);
        if (s != NULL) { s->in_flight += (uint32_t)more; }
    }
}

void parcel_put(struct parcel *p, struct socket *at, struct parcel **place)
{
    *place = p;
    p->place = place;
    p->at = at;
    p->previous = NULL;
    p->next = flying;
    if (flying != NULL) { flying->previous = p; }
    flying = p;
    at->received += parcel_bytes(p);
    count_sockets(p, 1);
}

struct parcel *parcel_take(struct parcel **place)
{
    struct parcel *p = *place;
    if (p == NULL) { return NULL; }
    *place = NULL;
    *(p->previous == NULL ? &flying : &p->previous->next) = p->next;
    if (p->next != NULL) { p->next->previous = p->previous; }
    p->at->received -= parcel_bytes(p);
    p->at = NULL;
    count_sockets(p, -1);
    return p;
}

/* ---- what nobody can receive --------------------------------------------- */

/* Nobody but parcels has the socket; it waits for accept with its listener. */
static bool is_flying_only(const struct socket *s)
{
    if (s->listener != NULL) { s = s->listener; }
    return s->in_flight > 0 && s->file->users == s->in_flight;
}

static bool is_reached(const struct socket *s)
{
    return s->listener != NULL ? s->listener->is_reached : s->is_reached;
}

static void reach_in(const struct parcel *p, struct socket **list)
{
    for (uint64_t i = 0; i < p->count; i++) {
        struct socket *s = socket_in(p, i);
        if (s == NULL || s->is_reached) { continue; }
        s->is_reached = true;
        s->next_reached = *list;
        *list = s;
    }
}

/* From those who have other users to all that lies in them, and so on. */
static void reach(void)
{
    struct socket *list = NULL;
    for (struct parcel *p = flying; p != NULL; p = p->next) {
        for (uint64_t i = 0; i < p->count; i++) {
            struct socket *s = socket_in(p, i);
            if (s != NULL) { s->is_reached = false; }
        }
    }
    for (struct parcel *p = flying; p != NULL; p = p->next) {
        if (!is_flying_only(p->at)) { reach_in(p, &list); }
    }
    while (list != NULL) {
        struct socket *s = list;
        list = s->next_reached;
        socket_each_parcel(s, reach_in, &list);
        for (s = s->first_waiting; s != NULL; s = s->next_waiting) {
            socket_each_parcel(s, reach_in, &list);
        }
    }
}

static void lose(struct parcel *p)
{
    p->next = lost;
    lost = p;
}

static void collect(void)
{
    struct parcel *next;
    reach();
    for (struct parcel *p = flying; p != NULL; p = p->next) {
        p->is_lost = is_flying_only(p->at) && !is_reached(p->at);
    }
    for (struct parcel *p = flying; p != NULL; p = next) {
        next = p->next;
        if (p->is_lost) { lose(parcel_take(p->place)); }
    }
}

/* One after the other, however deep they lie in each other. */
static void settle(void)
{
    if (is_settling) { return; }
    is_settling = true;
    while (lost != NULL || is_due) {
        struct parcel *p = lost;
        if (p == NULL) {
            is_due = false;
            collect();
            continue;
        }
        lost = p->next;
        for (uint64_t i = 0; i < p->count; i++) { file_drop(p->file[i]); }
        pool_return(p, parcel_bytes(p));
    }
    is_settling = false;
}

void parcel_drop(struct parcel *p)
{
    if (p == NULL) { return; }
    lose(p);
    settle();
}

void parcels_collect(void)
{
    is_due = true;
    settle();
}
