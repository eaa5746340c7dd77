/*
 * The line discipline of a terminal, as Linux has it: what is typed becomes
 * lines, echo and signals, and what is written goes out with its newlines as
 * terminals want them.  It waits for nothing, and knows no process.
 *
 *   L1  what was typed is in `typed`, from `read` on; a line that is complete
 *       ends at a mark, and only those can be read while lines are wanted
 *   L2  echo and what is written go to `out` in the order in which they came;
 *       nothing is lost there: what finds no room is not taken
 *   L3  the place of the cursor in its row is known, as far as what was written
 *       tells
 *
 * No pointer argument may be null.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Linux's struct termios of the kernel, with its bits and numbers. */
#define TERMIOS_CHARACTERS 19
struct termios {
    uint32_t input, output, control, local;
    uint8_t line, character[TERMIOS_CHARACTERS];
};
_Static_assert(sizeof(struct termios) == 36, "size of termios");

enum termios_input {
    TERMIOS_ISTRIP = 0x20,
    TERMIOS_INLCR = 0x40,
    TERMIOS_IGNCR = 0x80,
    TERMIOS_ICRNL = 0x100,
    TERMIOS_IUCLC = 0x200,
    TERMIOS_IXON = 0x400,
    TERMIOS_IXANY = 0x800,
    TERMIOS_IMAXBEL = 0x2000,
    TERMIOS_IUTF8 = 0x4000,
};
enum termios_output {
    TERMIOS_OPOST = 0x1,
    TERMIOS_OLCUC = 0x2,
    TERMIOS_ONLCR = 0x4,
    TERMIOS_OCRNL = 0x8,
    TERMIOS_ONOCR = 0x10,
    TERMIOS_ONLRET = 0x20,
    TERMIOS_XTABS = 0x1800,
};
enum termios_local {
    TERMIOS_ISIG = 0x1,
    TERMIOS_ICANON = 0x2,
    TERMIOS_ECHO = 0x8,
    TERMIOS_ECHOE = 0x10,
    TERMIOS_ECHOK = 0x20,
    TERMIOS_ECHONL = 0x40,
    TERMIOS_NOFLSH = 0x80,
    TERMIOS_TOSTOP = 0x100,
    TERMIOS_ECHOCTL = 0x200,
    TERMIOS_ECHOPRT = 0x400,
    TERMIOS_ECHOKE = 0x800,
    TERMIOS_IEXTEN = 0x8000,
};
enum termios_character {
    TERMIOS_INTR,
    TERMIOS_QUIT,
    TERMIOS_ERASE,
    TERMIOS_KILL,
    TERMIOS_EOF,
    TERMIOS_TIME,
    TERMIOS_MIN,
    TERMIOS_START = 8,
    TERMIOS_STOP,
    TERMIOS_SUSP,
    TERMIOS_EOL,
    TERMIOS_REPRINT,
    TERMIOS_WERASE = 14,
    TERMIOS_LNEXT,
    TERMIOS_EOL2,
};

#define DISCIPLINE_TYPED 4096 /* powers of two */
#define DISCIPLINE_OUT 4096

struct discipline {
    struct termios settings;
    bool is_stopped;               /* by control S: nothing goes out */
    bool is_literal;               /* the next character means nothing else */
    bool is_erasing;               /* between `\` and `/`: ECHOPRT */
    uint32_t column, first_column; /* of the cursor; where the line began */
    /* Counted since the beginning: bytes read, of complete lines, and typed. */
    uint32_t read, complete, end;
    uint32_t put, sent;                   /* bytes of `out` */
    uint64_t mark[DISCIPLINE_TYPED / 64]; /* bit n: a line ends there */
    char *typed, *out;
};

static inline bool termios_has(uint32_t set, uint32_t bit)
{
    return (set & bit) != 0;
}

/* Is this one of the local settings? */
static inline bool discipline_wants(const struct discipline *d,
                                    enum termios_local bit)
{
    return termios_has(d->settings.local, bit);
}

/* Where a byte of `typed` is, counted since the beginning. */
static inline char *discipline_at(const struct discipline *d, uint32_t place)
{
    return &d->typed[place % DISCIPLINE_TYPED];
}

/* As a terminal begins: lines, echo, control C.  `typed` has room for
 * DISCIPLINE_TYPED bytes, `out` for DISCIPLINE_OUT. */
void discipline_begin(struct discipline *d, char *typed, char *out);

/* Changes the settings.  What was typed stays: where no lines are wanted any
 * more, all of it can be read; where they are wanted now, it is one. */
void discipline_set(struct discipline *d, const struct termios *settings);

/* Takes typed bytes; how many were taken: the rest finds no room, before
 * somebody reads or `out` is sent.  *ret_signals: a bit for each signal that
 * was typed, SIGINT, SIGQUIT or SIGTSTP by its number. */
size_t discipline_type(struct discipline *d, const char *bytes, size_t count,
                       uint64_t *ret_signals);

/* How many bytes can be read: of all complete lines, or any.  An end of file is
 * no byte, but can be read. */
size_t discipline_bytes(const struct discipline *d);
bool discipline_can_read(const struct discipline *d);

/* What a reader gets, at most `room` bytes (at least 1), of one line if lines
 * are wanted; 0: the end of file.  Something can be read.  *ret_ends: there is
 * no more for this reader. */
size_t discipline_read(struct discipline *d, char *ret_bytes, size_t room,
                       bool *ret_ends);

/* Takes what a program writes; how many bytes were taken. */
size_t discipline_write(struct discipline *d, const char *bytes, size_t count);

/* What goes to the screen next, all in one piece; 0: nothing, or it is stopped.
 * Then how much of it has gone. */
size_t discipline_out(const struct discipline *d, const char **ret_bytes);
void discipline_sent(struct discipline *d, size_t bytes);

/* So many bytes of a program's are surely taken. */
size_t discipline_room(const struct discipline *d);

/* Drops what was typed and not read, or written and not sent. */
void discipline_flush_typed(struct discipline *d);
void discipline_flush_out(struct discipline *d);

/* Stops what goes out, or lets it go on: tcflow. */
static inline void discipline_stop(struct discipline *d, bool stop)
{
    d->is_stopped = stop;
}
