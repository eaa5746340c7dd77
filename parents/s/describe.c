/* Commands that prepare the next process. */
#include "describe.h"

#include "command.h"
#include "control.h"

#include <mask.h>
#include <text.h>

void describe_begin(const char *name)
{
    struct description *d = &s.description;
    *d = (struct description){
        .order = { .bytes = USUAL_BYTES,
                   .buffers = USUAL_BUFFERS,
                   .processes = USUAL_PROCESSES,
                   .mask = mask_usual(&s.parent),
                   .share = KERNE_SHARE },
    };
    strncpy(d->name, name, sizeof d->name - 1);
    strncpy(d->program, name, sizeof d->program - 1);
}

void describe_take_over(const struct child *child)
{
    if (made_of(child)->name[0] != '\0') {
        s.description = *made_of(child);
    } else {
        describe_begin(child->name); /* the driver, or a name */
    }
}

struct child_order describe_order(const struct description *d)
{
    struct child_order order = d->order;
    order.name = d->name;
    if (d->image) { /* it is another system */
        order.image = s.parent.start->image;
        order.device_tree = s.parent.start->device_tree;
    }
    if (order.tables == 0) { order.tables = child_tables(&order); }
    return order;
}

/* ---- names -------------------------------------------------------------- */

bool describe_is_name(const char *name)
{
    return done(child_is_name(&s.parent, name));
}

bool describe_name_is_free(const char *name)
{
    const struct child *child = child_named(&s.parent.children, name);
    if (strcmp(name, s.parent.name) == 0) {
        return refuse("name taken: %s is this operating system itself; choose "
                      "another name",
                      name);
    }
    if (child == NULL ? control_is_real(name) : child->is_own) {
        return refuse("name taken: s itself needs %s; choose another name",
                      name);
    }
    return child == NULL ||
           refuse(
               "name taken: %s is %s; `proc %s remove` removes it, or choose "
               "another name",
               name, control_state(child), name);
}

bool describe_name_is_usable(const char *name)
{
    const struct child *child = child_named(&s.parent.children, name);
    return (child != NULL &&
            (control_has_failed(child) || child == s.catalog.outer)) ||
           describe_name_is_free(name);
}

bool do_new(void)
{
    const char *name = take_word("the name of a process");
    if (name == NULL || !describe_is_name(name) ||
        !describe_name_is_usable(name)) {
        return false;
    }
    if (command_named(name) != NULL) {
        return refuse("name taken: `%s` is a command; choose another name",
                      name);
    }
    describe_begin(name);
    s.chosen = NULL;
    return true;
}

/* ---- what it will get --------------------------------------------------- */

/* May the description still be changed? */
static bool is_open(const char *what)
{
    if (s.chosen != NULL) {
        return refuse(
            "not allowed: %s exists already; %s is settled when it is "
            "created: `remove` it first",
            s.chosen->name, what);
    }
    return s.description.name[0] != '\0' ||
           refuse("process unknown: nothing is being prepared; begin with `new "
                  "NAME`");
}

/* The commands that set a number, or, without a limit, a flag. */
static const struct setting {
    const char *command;
    const char *what;
    size_t field;
    uint64_t least, most;
    const char *otherwise;
} settings[] = {
#define FIELD(name) offsetof(struct description, name)
    { "size", "its storage", FIELD(order.bytes), 1, UINT64_MAX,
      "no core: a process needs at least one page, 4096 bytes" },
    { "buf", "its number of buffers", FIELD(order.buffers), 0, UINT64_MAX, "" },
    { "internal", "its number of processes", FIELD(order.processes), 0,
      UINT64_MAX, "" },
    { "tables", "its number of window tables", FIELD(order.tables), 1,
      UINT64_MAX,
      "no tables: a process needs at least one; without `tables` it gets "
      "enough" },
    { "share", "its share of time", FIELD(order.share), 1, KERNE_SHARE_LIMIT,
      "syntax error: a share is 1 to 1000; 100 is usual" },

    { "entries", "its claim of entries", FIELD(entries), 0, UINT64_MAX, "" },
    { "segments", "its claim of segments", FIELD(segments), 0, UINT64_MAX, "" },
    { "image", "whether it has the boot image", FIELD(image), 0, 0, "" },
    { "keep", "whether it stays", FIELD(keep), 0, 0, "" },
#undef FIELD
};
_Static_assert(KERNE_SHARE_LIMIT == 1000 && KERNE_SHARE == 100, "as it says");

bool do_set(void)
{
    const struct setting *setting = settings;
    uint64_t value = true;
    while (strcmp(setting->command, s.command) != 0) { setting++; }
    if (setting->most != 0 && !take_number(setting->what, &value)) {
        return false;
    }
    if (setting->most != 0 &&
        (value < setting->least || value > setting->most)) {
        return refuse("%s", setting->otherwise);
    }
    if (s.chosen != NULL && strcmp(s.command, "share") == 0) {
        return control_process() != NULL &&
               control_done(s.chosen,
                            kerne_set_share(s.chosen->reference, value));
    }
    if (!is_open(setting->what)) { return false; }
    memcpy((char *)&s.description + setting->field, &value, sizeof value);
    return true;
}

bool do_function(void)
{
    const char *list = take_word("a list of functions, all, none or foreign");
    return list != NULL && is_open("its function mask") &&
           done(mask_read(&s.parent, list, &s.description.order.mask));
}

bool do_prog(void)
{
    const char *file = take_word("a file, or \"FILE ARGUMENT...\"");
    bool waits_for_it = s.chosen != NULL && s.chosen->state == CHILD_CREATED;
    if (file == NULL || (!waits_for_it && !is_open("its program"))) {
        return false;
    }
    strncpy(s.description.program, file, sizeof s.description.program - 1);
    if (s.chosen != NULL) { *made_of(s.chosen) = s.description; }
    return true;
}
