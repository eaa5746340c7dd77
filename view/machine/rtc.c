/* The real-time clock: Goldfish's, whose time is the machine's own. */
#include "whole.h"

enum {
    TIME_LOW = 0,
    TIME_HIGH = 4,
    ALARM_LOW = 8,
    ALARM_HIGH = 0xc,
    ENABLED = 0x10,
    CLEAR_ALARM = 0x14,
    IS_SET = 0x18,
    CLEAR_INTERRUPT = 0x1c,
};

static uint64_t now(const struct machine *m)
{
    return m->clock + m->config.epoch + m->rtc.offset;
}

static void look(struct machine *m)
{
    plic_line(m, RTC_LINE, m->rtc.is_pending && m->rtc.is_enabled);
}

void rtc_alarm(struct machine *m)
{
    m->rtc.is_set = false;
    m->rtc.is_pending = true;
    look(m);
}

static void set_alarm(struct machine *m)
{
    uint64_t time = now(m);
    if (m->rtc.alarm <= time) {
        machine_alarm(m, ALARM_RTC, MACHINE_NEVER);
        rtc_alarm(m);
        return;
    }
    m->rtc.is_set = true;
    machine_alarm(m, ALARM_RTC, m->clock + (m->rtc.alarm - time));
}

bool rtc_load(struct machine *m, uint64_t offset, uint64_t *ret)
{
    uint64_t time = now(m);
    *ret = 0;
    switch (offset) {
    case TIME_LOW:
        m->rtc.high = (uint32_t)(time >> 32);
        *ret = (uint32_t)time;
        break;
    case TIME_HIGH: *ret = m->rtc.high; break;
    case ALARM_LOW: *ret = (uint32_t)m->rtc.alarm; break;
    case ALARM_HIGH: *ret = m->rtc.alarm >> 32; break;
    case ENABLED: *ret = m->rtc.is_enabled; break;
    case IS_SET: *ret = m->rtc.is_set; break;
    }
    return true;
}

bool rtc_store(struct machine *m, uint64_t offset, uint64_t value)
{
    struct rtc *rtc = &m->rtc;
    uint64_t low = (uint32_t)value, time = now(m);
    switch (offset) {
    case TIME_LOW: rtc->offset += (time >> 32 << 32 | low) - time; break;
    case TIME_HIGH: rtc->offset += (low << 32 | (uint32_t)time) - time; break;
    case ALARM_LOW:
        rtc->alarm = rtc->alarm >> 32 << 32 | low;
        set_alarm(m);
        break;
    case ALARM_HIGH: rtc->alarm = low << 32 | (uint32_t)rtc->alarm; break;
    case ENABLED:
        rtc->is_enabled = value & 1;
        look(m);
        break;
    case CLEAR_ALARM:
        rtc->is_set = false;
        machine_alarm(m, ALARM_RTC, MACHINE_NEVER);
        break;
    case CLEAR_INTERRUPT:
        rtc->is_pending = false;
        look(m);
        break;
    }
    return true;
}
