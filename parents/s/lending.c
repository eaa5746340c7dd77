#include "lending.h"

#include "command.h"
#include "control.h"
#include "operator.h"

#include <program.h>
#include <stdio.h>

void lending_learn(struct system *system)
{
    devices_read(&system->devices, system->start->device_tree);
}

/* The device at the line that the operator gives, and the chosen process. */
static struct device *read_line(struct system *system, const char *command,
                                struct child **ret_child)
{
    uint64_t line;
    if (!command_number(system, command, "the number of an interrupt line",
                        &line)) {
        return NULL;
    }
    *ret_child = control_changeable(system, command);
    if (*ret_child == NULL) { return NULL; }
    lending_learn(system);
    struct device *device = device_at_line(&system->devices, line);
    if (device == NULL) {
        operator_refuse(system,
                        "device unknown: s has none at line %lu; `devices` "
                        "lists those that it has",
                        (unsigned long)line);
    }
    return device;
}

static const char *holder_name(struct system *system,
                               const struct device *device)
{
    const struct child *child =
        child_referred(&system->children, device->holder);
    return child == NULL ? "-" : child->name;
}

bool lending_include(struct system *system)
{
    struct child *child;
    struct device *device = read_line(system, "include", &child);
    if (device == NULL) { return false; }
    if (device->holder != 0) {
        return operator_refuse(system, "not allowed: %s has %s already",
                               holder_name(system, device),
                               device_name(device));
    }
    uint64_t result = device_lend(device, child->reference);
    if (result != KERNE_r_normal) {
        return operator_refuse(system, "not allowed: include %lu for %s: %s",
                               (unsigned long)device->line, child->name,
                               kerne_result_text(result));
    }
    operator_print(system, "%s has %s: registers at 0x%lx, interrupt line %lu",
                   child->name, device_name(device),
                   (unsigned long)device->address, (unsigned long)device->line);
    return true;
}

bool lending_exclude(struct system *system)
{
    struct child *child;
    struct device *device = read_line(system, "exclude", &child);
    if (device == NULL) { return false; }
    if (device->holder != child->reference) {
        return operator_refuse(system, "not allowed: %s does not have %s",
                               child->name, device_name(device));
    }
    uint64_t result = device_take_back(device, false);
    if (result != KERNE_r_normal) {
        return operator_refuse(system, "not allowed: exclude %lu from %s: %s",
                               (unsigned long)device->line, child->name,
                               kerne_result_text(result));
    }
    return true;
}

bool lending_devices(struct system *system)
{
    lending_learn(system);
    if (system->devices.count == 0) {
        operator_print(system, "s has no devices of its own");
    }
    for (unsigned i = 0; i < system->devices.count; i++) {
        const struct device *device = &system->devices.table[i];
        if (i == 0) {
            operator_print(system, "line  device  registers   who has it");
        }
        char line[8] = "-";
        if (device->line != 0) {
            snprintf(line, sizeof line, "%u", (unsigned)device->line);
        }
        operator_print(system, "%4s  %-6s  0x%08lx  %s", line,
                       device_name(device), (unsigned long)device->address,
                       device->holder == 0 ? "s" : holder_name(system, device));
    }
    return true;
}
