#include "loading.h"

#include "control.h"
#include "operator.h"
#include "text.h"

#include <program.h>

bool loading_find(struct system *system, struct archive_member *ret_file,
                  const char **ret_arguments)
{
    const char *program = system->description.program;
    char name[ARCHIVE_WORD_BYTES];
    *ret_arguments = archive_command(program + strspn(program, " "), name);
    if (name[0] == '\0') {
        return operator_refuse(system, "name unknown: the description names "
                                       "no file; `prog FILE` does");
    }
    if (archive_find(&system->image, name, ret_file)) { return true; }
    return operator_refuse(
        system,
        "name unknown: the boot image has no file `%s`%s; "
        "`files` lists those that it has",
        name, archive_is_damaged(&system->image) ? ", and is damaged" : "");
}

static bool load_refused(struct system *system, const struct child *child,
                         const struct archive_member *file,
                         const struct loader_report *report)
{
    switch (report->result) {
    case LOADER_DONE: return true;
    case LOADER_FILE:
        return operator_refuse(system, "not allowed: the file %s %s",
                               file->name, executable_words(report->file));
    case LOADER_TOO_BIG:
        return operator_refuse(system,
                               "program too big: %s needs %s, %s has %s; say "
                               "`size` before `create`",
                               file->name, text_of_size(report->needed).is,
                               child->name,
                               text_of_size(child->run.pages * KERNE_PAGE).is);
    case LOADER_ARGUMENTS:
        return operator_refuse(system,
                               "syntax error: the arguments of %s are longer "
                               "than %u characters",
                               file->name, KERNE_ARGUMENT_BYTES - 1);
    case LOADER_REFUSED: break;
    }
    if (report->refusal == KERNE_r_no_tables) {
        uint64_t bytes =
            loader_bytes(child->run.pages, &child->image, &child->device_tree);
        return operator_refuse(
            system,
            "no tables: %s needs %lu, it has %lu; say `tables` before `create`",
            child->name, (unsigned long)loader_tables(report->base, bytes),
            (unsigned long)child->granted[ACCOUNT_TABLES]);
    }
    return operator_refuse(system, "not allowed: load %s: %s", child->name,
                           kerne_result_text(report->refusal));
}

bool loading_load(struct system *system, struct child *child)
{
    struct archive_member file = { .size = 0 };
    const char *arguments;
    if (!loading_find(system, &file, &arguments)) { return false; }
    struct loader_report report =
        child_load(child, file.bytes, file.size, arguments,
                   system->start->ticks_per_second);
    return report.result == LOADER_DONE ||
           load_refused(system, child, &file, &report);
}

bool loading_command(struct system *system)
{
    struct child *child = control_changeable(system, "load");
    if (child == NULL) { return false; }
    if (child->state != CHILD_CREATED) {
        return operator_refuse(system,
                               "not allowed: load %s: it is %s; remove it, and "
                               "create it anew",
                               child->name, control_state_words(child->state));
    }
    return loading_load(system, child);
}
