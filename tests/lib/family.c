/*
 * Making and removing children.  Nothing here is of the root only: a child
 * that is a parent itself runs the same code.
 */
#include "family.h"

#include "image.h"
#include "stack.h"

_Noreturn void child_rest(void)
{
    uint64_t last = 0;
    for (;;) { last = kerne_wait_event(last).buffer; }
}

/* A resting child keeps at_rest at 1 whatever its queue receives. */
static _Noreturn void child_begin(uint64_t argument)
{
    struct test_child *child = (struct test_child *)argument;
    child->function(child->argument);
    child->at_rest = 1;
    child_rest();
}

uint64_t child_set_registers(uint64_t reference, uint64_t pc, uint64_t sp,
                             uint64_t argument)
{
    struct kerne_register_file file = { .x = { pc, (uint64_t)child_rest,
                                               sp, [10] = argument } };
    __asm__("mv %0, gp" : "=r"(file.x[3]));
    __asm__("mv %0, tp" : "=r"(file.x[4]));
    return kerne_modify(reference, &file);
}

uint64_t child_set_function(const struct test_child *child,
                            void (*function)(uint64_t), uint64_t argument)
{
    return child_set_registers(child->reference, (uint64_t)function,
                               child->stack + CHILD_STACK_BYTES, argument);
}

void child_run_anew(const struct test_child *child, void (*function)(uint64_t),
                    uint64_t argument)
{
    expect_result(kerne_stop(child->reference), normal);
    expect_result(child_set_function(child, function, argument), normal);
    expect_result(kerne_start(child->reference), normal);
}

uint64_t child_set_register(uint64_t reference, unsigned number, uint64_t value)
{
    struct kerne_register_file file;
    uint64_t result = kerne_read_registers(reference, &file);
    if (result != KERNE_r_normal) { return result; }
    file.x[number] = value;
    return kerne_modify(reference, &file);
}

uint64_t child_register(uint64_t reference, unsigned number)
{
    struct kerne_register_file file = { .x = { 0 } };
    expect_result(kerne_read_registers(reference, &file), normal);
    return file.x[number];
}

uint64_t family_lend(uint64_t reference, uint64_t first, uint64_t bytes,
                     uint64_t rights)
{
    uint64_t left;
    return kerne_map(reference, first, first, bytes / KERNE_PAGE, rights,
                     &left);
}

uint64_t child_map_program(uint64_t reference, uint64_t rights)
{
    for (unsigned i = 0; i < image_segments; i++) {
        const struct image_segment *segment = &image_segment[i];
        uint64_t result = family_lend(reference, segment->first,
                                      segment->last - segment->first,
                                      segment->rights & rights);
        if (result != KERNE_r_normal) { return result; }
    }
    return KERNE_r_normal;
}

static uint64_t claim_of(uint64_t asked, uint64_t usual)
{
    return asked == CHILD_NONE ? 0 : asked ? asked : usual;
}

/* A process does not know its own horizon; one that sees the external
 * processes has at least the horizon of their address. */
static uint64_t horizon_of(uint64_t reference)
{
    uint64_t external = family_external(0);
    return reference != 0
               ? family_describe(reference, KERNE_DESCRIBE_PROCESS, 0, 2) >>
                         16 &
                     0xff
           : external != KERNE_VACANT ? external >> 16
                                      : 0;
}

static struct kerne_creation creation_of(const struct test_child *child,
                                         const struct child_options *options)
{
    struct kerne_words self;
    uint64_t next;
    kerne_describe(options->behalf_of, KERNE_DESCRIBE_PROCESS, 0, &next, &self);
    uint64_t processes = claim_of(options->processes, 0);
    uint64_t furthest = horizon_of(options->behalf_of) + 1;
    return (struct kerne_creation){
        .parent = options->behalf_of,
        .name = child->name,
        .number = child->number,
        .buffers = claim_of(options->buffers, 4 + 2 * processes),
        .processes = processes,
        .tables = claim_of(options->tables, CHILD_TABLES * (1 + processes)),
        .mask = options->foreign ? KERNE_MASK_FOREIGN
                                 : self.w[5] & ~options->without,
        .horizon = claim_of(options->horizon, furthest),
        .closed = options->closed,
        .share = options->share,
        .windows = options->windows,
    };
}

uint64_t child_make_with(struct test_child *ret_child, const char *name,
                         uint64_t number, void (*function)(uint64_t),
                         uint64_t argument, const struct child_options *options)
{
    *ret_child = (struct test_child){
        .number = number,
        .name = name,
        .function = function,
        .argument = argument,
    };
    struct kerne_creation creation = creation_of(ret_child, options);
    uint64_t result = kerne_create(&creation, &ret_child->reference);
    if (result != KERNE_r_normal || options->unmapped) { return result; }
    ret_child->stack_of_pool = options->stack == 0;
    ret_child->stack = options->stack ? options->stack : stack_take();
    if (options->windows == 0) {
        result = child_map_program(ret_child->reference,
                                   KERNE_READ | KERNE_WRITE | KERNE_EXECUTE);
        if (result != KERNE_r_normal) { return result; }
    }
    return child_set_function(ret_child, child_begin, (uint64_t)ret_child);
}

uint64_t child_remove(struct test_child *child)
{
    uint64_t result = kerne_remove(child->reference);
    if (result == KERNE_r_normal && child->stack && child->stack_of_pool) {
        stack_give_back(child->stack);
        child->stack = 0;
    }
    return result;
}

/* ---- many ---------------------------------------------------------------- */

void family_numbered(uint64_t number, char ret_name[KERNE_NAME_BYTES])
{
    memset(ret_name, 0, KERNE_NAME_BYTES);
    ret_name[0] = 'p';
    for (unsigned i = 3; i > 0; i--, number /= 10) {
        ret_name[i] = (char)('0' + number % 10);
    }
}

uint64_t family_empty(uint64_t parent, uint64_t number, uint64_t processes,
                      uint64_t tables, uint64_t *ret_reference)
{
    char name[KERNE_NAME_BYTES];
    family_numbered(number, name);
    struct kerne_creation creation = {
        .parent = parent,
        .name = name,
        .number = number,
        .processes = processes,
        .tables = tables,
        .mask = KERNE_MASK_ALL,
    };
    return kerne_create(&creation, ret_reference);
}
