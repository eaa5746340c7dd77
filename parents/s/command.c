#include "command.h"

#include "claims.h"
#include "control.h"
#include "description.h"
#include "help.h"
#include "lending.h"
#include "list.h"
#include "loading.h"
#include "making.h"
#include "nest.h"
#include "operator.h"
#include "power.h"
#include "registers.h"
#include "text.h"

#define HEADING(text)              \
    {                              \
        "", "", text, "", "", NULL \
    }

const struct command command_table[] = {
    HEADING("Describing the next process (what is not said has a default):"),
    { "new", "NAME", "begins a description, with all defaults",
      "Begins the description of a process. Until it is changed it gets 1 M\n"
      "of storage, 16 message buffers, 8 processes of its own, all\n"
      "functions but physical_address, the usual share of time, and the\n"
      "program of its own name. A name has at most 15 of a-z 0-9 - _ and\n"
      "begins with a letter.",
      "new dev size 64k buf 8 prog hello run", description_new },
    { "size", "BYTES", "storage, in bytes or with k, M or G",
      "The storage that the process gets, in whole pages of 4 k. Its\n"
      "program, its stack and its heap must fit.",
      "new big size 16M prog primes run", description_size },
    { "buf", "N", "message buffers",
      "How many conversations the process, and all that it gives buffers\n"
      "to, can have open at one time.",
      "new server buf 40 prog echo run", description_buf },
    { "internal", "N", "processes that it may create",
      "How many processes the process may create, at any depth below it; a\n"
      "name that it presents counts as one.",
      "new boss internal 20 prog family run", description_internal },
    { "tables", "N", "window tables",
      "How many window tables the process gets: 1, and 1 for each 2 M and\n"
      "each 1 G of addresses at which it has storage. If nothing is said,\n"
      "enough for its storage and a device, and 3 for each process that it\n"
      "may create.",
      "new boss tables 100 prog family run", description_tables },
    { "function", "LIST", "functions that it may call: all, none, ...",
      "The functions of the nucleus that the process may call: all, none,\n"
      "foreign (none, and every system call is the parent's), or names and\n"
      "numbers with commas between them; with - before it, all but that\n"
      "one. Another call is a break.",
      "new tame function all,-remove_process prog family run",
      description_function },
    { "share", "N", "share of time, 1 to 1000; 100 is usual",
      "The share of time that the process gets among its siblings while\n"
      "several have work to do. It can be changed at any time.",
      "proc primes share 20", description_share },
    { "prog", "FILE", "program; \"FILE ARGUMENT...\" with arguments",
      "The file in the boot image that is loaded, and the arguments that it\n"
      "gets. With arguments, all of it stands in quotes.",
      "new talk prog \"talk hello world\" run", description_prog },
    { "image", "", "lends it the boot image: for another s",
      "Lends the boot image to the process, and lets programs run in its\n"
      "free storage, so that it can load and run them: another s, for\n"
      "example.",
      "new s2 size 4M internal 40 buf 100 image prog s run",
      description_image },
    { "keep", "", "it stays when it has finished",
      "A process that finishes is removed, unless it was described with\n"
      "`keep`. One that breaks or gives up stays in any case.",
      "new hello keep run", description_keep },

    HEADING("Making it:"),
    { "create", "", "creates the process that is described",
      "Creates the process that is described, without a program. It is then\n"
      "the chosen process.",
      "new dev size 64k create", making_create },
    { "load", "", "loads its program",
      "Loads the program into the chosen process, which was created and has\n"
      "none.",
      "new dev create prog hello load", loading_command },
    { "init", "", "create load",
      "Creates the process that is described, and loads its program.",
      "new dev prog hello init", making_init },
    { "run", "", "create load start",
      "Creates the process that is described, loads its program and starts\n"
      "it. Typed again after it has finished, does so again.",
      "new hello run", making_run },
    { "nest", "N", "a tower of N systems; you are in the innermost",
      "Makes a tower of N systems, 1 to 32, each the same s under the one\n"
      "before, and brings you to the innermost: what you type goes to it.\n"
      "`halt` there brings you to the system around it; ESC, and then a\n"
      "name, to any other one.",
      "nest 3", nest_command },

    HEADING("Acting on the chosen process (the one last made, or by `proc`):"),
    { "proc", "NAME", "chooses another process",
      "Chooses a child of s for the commands that follow. The description\n"
      "that it was made of comes with it, so that `load` and `run` know its\n"
      "program.",
      "proc hello stop", control_proc },
    { "start", "", "starts it, or lets it go on",
      "Starts a process that is loaded, or lets one go on that was stopped.\n"
      "One that is broken tries the instruction again at which it broke.",
      "proc primes start", control_start },
    { "stop", "", "stops it, with all below it",
      "Stops the process and all that is below it. `start` lets them go on.",
      "proc primes stop", control_stop },
    { "break", "", "stops it, and shows its registers",
      "Stops the process and shows where it stands, and says what can be\n"
      "done with it.",
      "proc primes break", control_break },
    { "remove", "", "removes it, with all below it",
      "Removes the process and all that is below it. All that it was given\n"
      "is free again. The description stays: `run` makes it anew.",
      "proc primes remove", control_remove },
    { "present", "NAME", "lets it stand for NAME: console, disk, ...",
      "From now on the messages of the other children to NAME go to this\n"
      "process. The console itself is always to be had as `terminal`: what\n"
      "stands for it must pass on to it what is to be seen.",
      "new checkio run present console", control_present },
    { "include", "LINE", "lends it the device at an interrupt line",
      "Lends the process the device at an interrupt line: its registers, at\n"
      "the address at which s has them, and its interrupts.",
      "new dev create include 11", lending_include },
    { "exclude", "LINE", "takes that device back",
      "Takes the device back and resets it.", "proc dev exclude 11",
      lending_exclude },
    { "registers", "", "shows its registers",
      "Shows the registers of the process as they were when it last stood\n"
      "still.",
      "proc crash registers", registers_command },
    { "claims", "", "shows what it has, and what it has used",
      "Shows what the process has received of each claim, uses itself, has\n"
      "given to its children, and has left; and the pages of its windows.",
      "proc echo claims", claims_command },
    { "print", "[FIRST [COUNT]]", "shows its storage",
      "Shows COUNT bytes (64; at most 1024) of the storage of the process\n"
      "from address FIRST on, as the process sees it; without FIRST, where\n"
      "its program counter points.",
      "proc crash print 0x80400000 32", registers_storage },

    HEADING("Looking around:"),
    { "list", "[short]", "all processes below s",
      "The tree of all processes: what each is doing, what or whom it waits\n"
      "for, its storage, its claims (in use or given on / received) and its\n"
      "time. `short` leaves out the time, s, and what s itself needs.",
      "list", list_command },
    { "max", "", "what s has left to give",
      "What s has received, uses itself, has given to its children, and has\n"
      "left.",
      "max", claims_max },
    { "files", "", "what can be loaded",
      "The files in the boot image, and the least `size` with which each\n"
      "program can be loaded.",
      "files", list_files },
    { "devices", "", "devices, and who has them",
      "The devices that s has, with their interrupt lines.", "devices",
      lending_devices },
    { "date", "", "date and time (UTC)", "The date and the time, UTC.", "date",
      power_date },
    { "help", "[COMMAND]", "this list, or one command in detail",
      "Lists all commands, or explains one.", "help new", help_command },
    { "halt", "", "ends s; at the root, the machine",
      "Ends s. At the root that switches the machine off, and QEMU ends with\n"
      "exit status 0; an s that runs under another parent finishes, and all\n"
      "that is below it goes.",
      "halt", power_halt },
    { NULL, NULL, NULL, NULL, NULL, NULL },
};

const struct command *command_named(const char *name)
{
    for (const struct command *c = command_table; c->name != NULL; c++) {
        if (c->perform != NULL && strcmp(c->name, name) == 0) { return c; }
    }
    return NULL;
}

void command_perform(struct system *system)
{
    const char *name = line_take(&system->line);
    const struct command *command = command_named(name);
    struct archive_member file;
    if (command != NULL) {
        command->perform(system);
    } else if (name[0] == '\0') {
        operator_refuse(system, "syntax error: an empty word is no command; "
                                "`help` lists them");
    } else if (archive_find(&system->image, name, &file)) {
        operator_refuse(system,
                        "syntax error: `%s` is a program, no command; `new %s "
                        "run` runs it",
                        name, name);
    } else {
        operator_refuse(system,
                        "syntax error: `%s` is no command; `help` lists them",
                        name);
    }
}

const char *command_word(struct system *system, const char *command,
                         const char *what)
{
    const char *word = line_take(&system->line);
    if (word != NULL && word[0] != '\0') { return word; }
    operator_refuse(system, "syntax error: `%s` wants %s after it%s", command,
                    what, word == NULL ? "" : ", not an empty word");
    return NULL;
}

bool command_number(struct system *system, const char *command,
                    const char *what, uint64_t *ret_number)
{
    const char *word = line_take(&system->line);
    if (word == NULL || word[0] == '\0') {
        return operator_refuse(system,
                               "syntax error: `%s` wants a number "
                               "after it (%s)",
                               command, what);
    }
    if (!text_to_number(word, ret_number)) {
        return operator_refuse(system,
                               "syntax error: `%s %s`: `%s` is no number; "
                               "write 4096, 0x1000, 4k, 16M or 1G",
                               command, word, word);
    }
    return true;
}
