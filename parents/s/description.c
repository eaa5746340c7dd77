#include "description.h"

#include "command.h"
#include "control.h"
#include "family.h"
#include "mask.h"
#include "operator.h"
#include "terminal.h"
#include "text.h"

void description_begin(struct system *system, const char *name)
{
    struct description *d = &system->description;
    *d = (struct description){
        .bytes = USUAL_BYTES,
        .buffers = USUAL_BUFFERS,
        .processes = USUAL_PROCESSES,
        .mask = mask_usual(system->mask),
        .share = KERNE_SHARE,
    };
    strncpy(d->name, name, sizeof d->name - 1);
    strncpy(d->program, name, sizeof d->program - 1);
}

void description_take_over(struct system *system, const struct child *child)
{
    const struct note *note = family_note(system, child);
    if (note->description.name[0] != '\0') {
        system->description = note->description;
    } else {
        description_begin(system, child->name); /* the driver, or a name */
    }
}

bool description_is_name(struct system *system, const char *name)
{
    if (text_is_name(name)) { return true; }
    return operator_refuse(system,
                           "name ill-formed: `%s`; a name has at most 15 of "
                           "a-z 0-9 - _ and begins with a letter",
                           name);
}

bool description_name_is_free(struct system *system, const char *name)
{
    const struct child *child = child_named(&system->children, name);
    if (strcmp(name, system->name) == 0) {
        return operator_refuse(system,
                               "name taken: %s is this operating system "
                               "itself; choose another name",
                               name);
    }
    if (child == NULL && !terminal_is_real(name)) { return true; }
    if (child == NULL || terminal_needs(system, child)) {
        return operator_refuse(system,
                               "name taken: s itself needs %s; choose another "
                               "name",
                               name);
    }
    return operator_refuse(system,
                           "name taken: %s is %s; `proc %s remove` removes it, "
                           "or choose another name",
                           name, control_state_words(child->state), name);
}

bool description_new(struct system *system)
{
    const char *name = command_word(system, "new", "the name of a process");
    if (name == NULL || !description_is_name(system, name) ||
        !description_name_is_free(system, name)) {
        return false;
    }
    description_begin(system, name);
    system->chosen = NULL;
    return true;
}

/* May the description still be changed? */
static bool is_open(struct system *system, const char *what)
{
    if (system->chosen != NULL) {
        return operator_refuse(system,
                               "not allowed: %s exists already; %s is settled "
                               "when it is created: `remove` it first",
                               system->chosen->name, what);
    }
    if (system->description.name[0] == '\0') {
        return operator_refuse(system, "process unknown: nothing is being "
                                       "prepared; begin with `new NAME`");
    }
    return true;
}

static bool set_number(struct system *system, const char *command,
                       const char *what, uint64_t *ret_value)
{
    uint64_t value;
    if (!command_number(system, command, what, &value) ||
        !is_open(system, what)) {
        return false;
    }
    *ret_value = value;
    return true;
}

bool description_size(struct system *system)
{
    return set_number(system, "size", "its storage",
                      &system->description.bytes);
}

bool description_buf(struct system *system)
{
    return set_number(system, "buf", "its number of buffers",
                      &system->description.buffers);
}

bool description_internal(struct system *system)
{
    return set_number(system, "internal", "its number of processes",
                      &system->description.processes);
}

bool description_tables(struct system *system)
{
    uint64_t tables;
    if (!set_number(system, "tables", "its number of window tables", &tables)) {
        return false;
    }
    if (tables == 0) {
        return operator_refuse(system, "no tables: a process needs at least "
                                       "one; without `tables` it gets enough");
    }
    system->description.tables = tables;
    return true;
}

bool description_function(struct system *system)
{
    const char *list = command_word(system, "function",
                                    "a list of functions, all, none or "
                                    "foreign");
    if (list == NULL || !is_open(system, "its function mask")) { return false; }
    return mask_read(system, list, &system->description.mask);
}

bool description_share(struct system *system)
{
    uint64_t share;
    if (!command_number(system, "share", "its share of time", &share)) {
        return false;
    }
    if (share < 1 || share > KERNE_SHARE_LIMIT) {
        return operator_refuse(system,
                               "syntax error: a share is 1 to %u; %u is usual",
                               KERNE_SHARE_LIMIT, KERNE_SHARE);
    }
    struct child *child = system->chosen;
    if (child != NULL) {
        return control_is_process(system, child) &&
               control_done(system, child->name,
                            kerne_set_share(child->reference, share));
    }
    if (!is_open(system, "its share")) { return false; }
    system->description.share = share;
    return true;
}

bool description_prog(struct system *system)
{
    const char *file =
        command_word(system, "prog", "a file, or \"FILE ARGUMENT...\"");
    bool waits_for_it =
        system->chosen != NULL && system->chosen->state == CHILD_CREATED;
    if (file == NULL || (!waits_for_it && !is_open(system, "its program"))) {
        return false;
    }
    struct description *d = &system->description;
    strncpy(d->program, file, sizeof d->program - 1);
    d->program[sizeof d->program - 1] = '\0';
    if (system->chosen != NULL) {
        family_note(system, system->chosen)->description = *d;
    }
    return true;
}

bool description_keep(struct system *system)
{
    if (!is_open(system, "whether it stays")) { return false; }
    system->description.keep = true;
    return true;
}

bool description_image(struct system *system)
{
    if (!is_open(system, "whether it has the boot image")) { return false; }
    system->description.image = true;
    return true;
}
