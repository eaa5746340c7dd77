#include <waiting/futex.h>

#include <calls/table.h>
#include <memory/user.h>
#include <processes/process.h>
#include <waiting/time.h>
#include <waiting/timer.h>

enum { WAIT, WAKE, REQUEUE = 3, CMP_REQUEUE, WAKE_OP };
enum { WAIT_BITSET = 9, WAKE_BITSET, PRIVATE = 128, REALTIME = 256 };
enum { OWNER_DIED = 0x40000000, ID_MASK = 0x3fffffff };
enum { HASHES = 128, ROBUST_MOST = 2048 };
#define ALL_BITS UINT32_MAX

static struct thread *waiting[HASHES]; /* the first, the longest */

/* ---- lists --------------------------------------------------------------- */

static struct futex_key key_of(struct space *space, uint64_t address)
{
    const struct area *area = area_at(&space->areas, address);
    return area != NULL && area->is_shared
               ? (struct futex_key){ area->file,
                                     area->offset + address - area->first }
               : (struct futex_key){ space, address };
}

static struct thread **list_of(struct futex_key key)
{
    uint64_t hash =
        ((uint64_t)key.in / 64 + key.at / 4) * UINT64_C(0x9e3779b97f4a7c15);
    return &waiting[hash >> 57];
}

static void put_in(struct thread *t, struct futex_key key)
{
    struct thread **first = list_of(key), *last = *first;
    t->futex.key = key;
    t->futex.next = t->futex.previous = NULL;
    while (last != NULL && last->futex.next != NULL) {
        last = last->futex.next;
    }
    *(last == NULL ? first : &last->futex.next) = t;
    t->futex.previous = last;
}

static void take_out(struct thread *t)
{
    struct futex_wait *f = &t->futex;
    if (f->key.in == NULL) { return; }
    *(f->previous == NULL ? list_of(f->key) : &f->previous->futex.next) =
        f->next;
    if (f->next != NULL) { f->next->futex.previous = f->previous; }
    f->key.in = NULL;
}

/* The next who waits there for one of these bits, behind one or from the
 * front. */
static struct thread *next_for(struct futex_key key, uint32_t bits,
                               struct thread *t)
{
    while (t != NULL &&
           (t->futex.key.in != key.in || t->futex.key.at != key.at ||
            !(t->futex.bits & bits))) {
        t = t->futex.next;
    }
    return t;
}

static long wake(struct futex_key key, uint64_t most, uint32_t bits)
{
    long count = 0;
    struct thread *t = next_for(key, bits, *list_of(key));
    while (t != NULL && (uint64_t)count < most) {
        struct thread *next = t->futex.next;
        take_out(t);
        t->futex.is_woken = true;
        thread_wake(t);
        count++;
        t = next_for(key, bits, next);
    }
    return count;
}

static long move(struct futex_key from, struct futex_key to, uint64_t most)
{
    long count = 0;
    struct thread *t = next_for(from, ALL_BITS, *list_of(from));
    while (t != NULL && (uint64_t)count < most) {
        struct thread *next = t->futex.next;
        take_out(t);
        put_in(t, to);
        count++;
        t = next_for(from, ALL_BITS, next);
    }
    return count;
}

long futex_wake(struct space *space, uint64_t address, uint64_t most)
{
    return wake(key_of(space, address), most, ALL_BITS);
}

/* ---- waiting ------------------------------------------------------------- */

/* Where nobody can wait; nothing needs to be there. */
static long check_place(uint64_t address)
{
    return address % sizeof(uint32_t) != 0            ? -LINUX_EINVAL
           : user_is_range(address, sizeof(uint32_t)) ? 0
                                                      : -LINUX_EFAULT;
}

/* A word of the program's, which lies within a page. */
static long read_word(struct thread *t, uint64_t address, uint32_t *ret_word)
{
    if (address % sizeof *ret_word != 0) { return -LINUX_EINVAL; }
    const uint32_t *at = user_at(t->space, address, KERNE_READ);
    if (at == NULL) { return -LINUX_EFAULT; }
    *ret_word = *at;
    return 0;
}

static long read_deadline(struct thread *t, const uint64_t *a,
                          uint64_t *ret_deadline)
{
    uint64_t wait;
    long result = time_read(t, a[3], &wait);
    if (result != 0) { return result; }
    uint64_t now = time_now(), from = now;
    if ((a[1] & 127) == WAIT_BITSET) {
        struct linux_time day = time_of_day();
        from = a[1] & REALTIME ? now - time_nanoseconds(&day) : 0;
    }
    wait += from;
    *ret_deadline = (int64_t)(wait - now) > 0 ? wait : now;
    return 0;
}

static long begin_wait(struct thread *t, const uint64_t *a, uint32_t bits)
{
    uint32_t word;
    uint64_t deadline = 0;
    if (a[3] != 0 && !t->is_again) {
        long result = read_deadline(t, a, &deadline);
        if (result != 0) { return result; }
    }
    if (bits == 0) { return -LINUX_EINVAL; }
    long result = read_word(t, a[0], &word);
    if (result != 0) { return result; }
    if (word != (uint32_t)a[2]) { return -LINUX_EAGAIN; }
    if (deadline != 0) { timer_set(t, deadline); }
    t->futex.bits = bits;
    t->futex.is_woken = false;
    result = a[3] == 0 ? wait_on(t, NULL) : wait_once(t, NULL);
    if (result != CALL_WAITS) { return result; }
    put_in(t, key_of(t->space, a[0]));
    t->forget = take_out;
    return CALL_WAITS;
}

/* It comes here again when it has been woken, its time has come, or a signal
 * has; if that did not end the wait, it looks again. */
static long end_wait(struct thread *t, const uint64_t *a, uint32_t bits)
{
    if (t->futex.is_woken) { return 0; }
    if (t->is_timed_out) { return -LINUX_ETIMEDOUT; }
    return begin_wait(t, a, bits);
}

/* ---- what is done with the word ------------------------------------------ */

static bool compare(uint32_t how, uint32_t word, int32_t with)
{
    int32_t is = (int32_t)word;
    switch (how) {
    case 0: return is == with;
    case 1: return is != with;
    case 2: return is < with;
    case 3: return is <= with;
    case 4: return is > with;
    default: return is >= with;
    }
}

/* A number of twelve bits with its sign. */
static int32_t signed_12(uint32_t bits) { return (int32_t)(bits << 20) >> 20; }

/* At least one is woken, as on Linux, whatever is said. */
static uint64_t to_wake(uint64_t said)
{
    return (int32_t)said > 0 ? (uint32_t)said : 1;
}

static long wake_operation(struct thread *t, const uint64_t *a)
{
    uint32_t how = (uint32_t)a[5], word;
    uint32_t operation = how >> 28,
             with = (uint32_t)signed_12(how >> 12 & 0xfff);
    long result = check_place(a[0]);
    if (result == 0) { result = read_word(t, a[4], &word); }
    if (result != 0) { return result; }
    if (operation & 8) { with = UINT32_C(1) << (with & 31); }
    uint32_t next;
    switch (operation & 7) {
    case 0: next = with; break;
    case 1: next = word + with; break;
    case 2: next = word | with; break;
    case 3: next = word & ~with; break;
    case 4: next = word ^ with; break;
    default: return -LINUX_ENOSYS;
    }
    if ((how >> 24 & 15) > 5) { return -LINUX_ENOSYS; }
    if (user_write(t->space, a[4], &next, sizeof next) != 0) {
        return -LINUX_EFAULT;
    }
    long count = futex_wake(t->space, a[0], to_wake(a[2]));
    if (compare(how >> 24 & 15, word, signed_12(how & 0xfff))) {
        count += futex_wake(t->space, a[4], to_wake(a[3]));
    }
    return count;
}

static long requeue(struct thread *t, const uint64_t *a, bool compares)
{
    uint32_t word;
    if ((int32_t)a[2] < 0 || (int32_t)a[3] < 0) { return -LINUX_EINVAL; }
    long result = check_place(a[0]);
    if (result == 0) { result = check_place(a[4]); }
    if (result == 0 && compares) { result = read_word(t, a[0], &word); }
    if (result != 0) { return result; }
    if (compares && word != (uint32_t)a[5]) { return -LINUX_EAGAIN; }
    struct futex_key from = key_of(t->space, a[0]), to = key_of(t->space, a[4]);
    long woken = wake(from, (uint32_t)a[2], ALL_BITS);
    bool is_same = from.in == to.in && from.at == to.at;
    return woken + (is_same ? 0 : move(from, to, (uint32_t)a[3]));
}

static long wake_bits(struct thread *t, const uint64_t *a, uint32_t bits)
{
    if (bits == 0) { return -LINUX_EINVAL; }
    long result = check_place(a[0]);
    return result != 0 ? result
                       : wake(key_of(t->space, a[0]), to_wake(a[2]), bits);
}

long call_futex(struct thread *t, const uint64_t *a)
{
    uint32_t kind = (uint32_t)a[1] & ~(uint32_t)(PRIVATE | REALTIME);
    if (a[1] & REALTIME && kind != WAIT_BITSET) { return -LINUX_ENOSYS; }
    uint32_t bits = kind == WAIT ? ALL_BITS : (uint32_t)a[5];
    bool waits = kind == WAIT || kind == WAIT_BITSET;
    if (waits && t->is_again) { return end_wait(t, a, bits); }
    switch (kind) {
    case WAIT:
    case WAIT_BITSET: return begin_wait(t, a, bits);
    case WAKE: return wake_bits(t, a, ALL_BITS);
    case WAKE_BITSET: return wake_bits(t, a, (uint32_t)a[5]);
    case REQUEUE: return requeue(t, a, false);
    case CMP_REQUEUE: return requeue(t, a, true);
    case WAKE_OP: return wake_operation(t, a);
    default: return -LINUX_ENOSYS;
    }
}

/* ---- robust lists -------------------------------------------------------- */

/* One that it has just unlocked (is_pending), it may not have woken others
 * for. */
static void owner_ends_of(struct thread *t, uint64_t address, bool is_pending)
{
    uint32_t word;
    if (read_word(t, address, &word) != 0) { return; }
    if (word == 0 && is_pending) { (void)futex_wake(t->space, address, 1); }
    if ((word & ID_MASK) != t->id) { return; }
    word = (word & ~(uint32_t)ID_MASK) | OWNER_DIED;
    if (user_write(t->space, address, &word, sizeof word) == 0) {
        (void)futex_wake(t->space, address, 1);
    }
}

void futex_owner_ends(struct thread *t)
{
    struct {
        uint64_t next, offset, pending;
    } head;
    uint64_t at;
    if (t->robust_list == 0 ||
        user_read(t->space, &head, t->robust_list, sizeof head) != 0) {
        return;
    }
    at = head.next;
    for (unsigned i = 0; i < ROBUST_MOST && at != t->robust_list; i++) {
        uint64_t next;
        if (user_read(t->space, &next, at, sizeof next) != 0) { return; }
        owner_ends_of(t, at + head.offset, false);
        at = next;
    }
    if (head.pending != 0) {
        owner_ends_of(t, head.pending + head.offset, true);
    }
}
