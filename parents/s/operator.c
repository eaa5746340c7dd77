#include "operator.h"

#include "command.h"
#include "power.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void print_list(struct system *system, const char *format, va_list list)
{
    char text[400];
    vsnprintf(text, sizeof text, format, list);
    console_say(&system->console, "%s", text);
    system->line_has_said = true;
}

void operator_print(struct system *system, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    print_list(system, format, list);
    va_end(list);
}

bool operator_refuse(struct system *system, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    print_list(system, format, list);
    va_end(list);
    line_end(&system->line);
    return false;
}

void operator_line(struct system *system, uint64_t bytes)
{
    system->line_has_said = false;
    system->line_was_read = true;
    system->line_is_argument = false;
    if (!line_read(&system->line, system->console.input, bytes)) {
        operator_refuse(system, "syntax error: a quote (\") is not closed");
    }
    if (line_look(&system->line) == NULL) {
        system->line_has_said = true; /* an empty line is not answered */
    }
}

bool operator_argument_line(struct system *system)
{
    const char *text = system->start->arguments;
    uint64_t bytes = strlen(text);
    if (bytes == 0) { return false; }
    memcpy(system->console.input, text, bytes);
    operator_line(system, bytes);
    system->line_is_argument = true;
    system->line_has_said = true; /* what only succeeds is not answered */
    return true;
}

/* Performs the next command of the line; at its end, "ready" stands for all
 * that has nothing to say. */
static void perform(struct system *system)
{
    if (line_look(&system->line) != NULL) {
        command_perform(system);
    } else {
        system->line_was_read = false;
        if (!system->line_has_said) { operator_print(system, "ready"); }
    }
    system->line_end = system->console.said;
}

void operator_proceed(struct system *system)
{
    for (;;) {
        console_send(&system->console);
        if (system->console.printed < system->line_end ||
            console_is_behind(&system->console)) {
            return;
        }
        if (system->line_was_read) {
            perform(system);
        } else if (system->halting && system->terminal == NULL &&
                   !system->left) {
            system->left = true;
            console_pass(&system->console, "");
        } else if (system->halting) {
            power_off(system);
        } else {
            console_ask(&system->console);
            return;
        }
    }
}
