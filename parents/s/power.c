#include "power.h"

#include "lending.h"
#include "operator.h"
#include "text.h"

#include <program.h>
#include <stdio.h>

#define NANOSECONDS 1000000000u
#define POWER_OFF_TAKES 5000000 /* microseconds, at most */

bool power_date(struct system *system)
{
    lending_learn(system);
    const struct device *clock = device_of_kind(&system->devices, DEVICE_CLOCK);
    if (clock != NULL && clock->holder == 0) {
        uint64_t seconds = device_clock_read(clock) / NANOSECONDS;
        operator_print(system, "%s", text_of_date(seconds).is);
        return true;
    }
    struct text since =
        text_of_time(kerne_get_clock(), system->start->ticks_per_second);
    operator_print(system,
                   "%s seconds after the machine was switched on; s "
                   "has no clock that knows the date",
                   since.is);
    return true;
}

bool power_halt(struct system *system)
{
    bool has_machine = device_of_kind(&system->devices, DEVICE_POWER) != NULL;
    operator_print(system, has_machine ? "s switches the machine off"
                                       : "s has finished");
    line_end(&system->line);
    system->halting = true;
    return true;
}

_Noreturn void power_give_up(struct system *system, const char *text)
{
    struct device *uart = device_of_kind(&system->devices, DEVICE_UART);
    char line[KERNE_TEXT_BYTES];
    snprintf(line, sizeof line, "s cannot go on: %s", text);
    if (uart != NULL) {
        if (system->terminal != NULL) {
            kerne_stop(system->terminal->reference);
        }
        device_uart_say(uart, line);
        device_uart_say(uart, "\r\n");
    }
    kerne_give_up("%s", line);
}

/* Not idly: where the time is a count of instructions, idle time is over at
 * once, and the machine's end is not. */
static void wait_busily(uint64_t microseconds)
{
    uint64_t until = kerne_get_clock() + kerne_ticks(microseconds);
    while (kerne_get_clock() < until) {}
}

_Noreturn void power_off(struct system *system)
{
    const struct device *power = device_of_kind(&system->devices, DEVICE_POWER);
    const struct kerne_words finis = { { KERNE_OPERATION(KERNE_FINIS, 0), 0 } };
    struct kerne_words answer;
    if (power != NULL) {
        device_power_off(power);
        wait_busily(POWER_OFF_TAKES);
        power_give_up(system, "the machine does not switch itself off");
    }
    kerne_converse(KERNE_PARENT, &finis, &answer);
    power_give_up(system, "its parent did not let it finish");
}
