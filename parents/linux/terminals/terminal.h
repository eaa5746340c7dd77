/*
 * Terminals, as programs have them.  On the other side of one is the screen of
 * the console (screen.h) or who has the master (pair.h): it takes what goes
 * out, and types.
 *
 *   T1  a terminal lives as long as a file of it is open, or the other side is
 *   T2  a terminal that has hung up is at its end for ever
 *
 * No pointer argument may be null, unless its comment says so.
 */
#pragma once

#include <files/file.h>
#include <terminals/discipline.h>

#define TERMINAL_OWN (5u << 8 | 0) /* /dev/tty: whichever controls one */
#define TERMINAL_CONSOLE (5u << 8 | 1)
#define TERMINAL_MASTER (5u << 8 | 2) /* /dev/ptmx */
#define TERMINAL_SLAVES (136u << 8)   /* /dev/pts/0 */

struct terminal_size {
    uint16_t rows, columns, width, height;
};

struct terminal {
    uint32_t users; /* files, and the other side */
    uint32_t files; /* that programs have open */
    struct discipline discipline;
    struct terminal_size size;
    uint32_t session, foreground; /* of its jobs; 0: none */
    bool is_hung_up;
    struct queue to_read, to_write;
    struct terminal *next;
    /* The other side: something goes out now, or there is room to type; and
     * the last file is closed. */
    void (*changed)(struct terminal *terminal);
    uint32_t number; /* of a slave */
    void *own;       /* the other side's */
};

/* With one user; null: no frame is left. */
struct terminal *terminal_make(void (*changed)(struct terminal *terminal));
void terminal_drop(struct terminal *terminal);

/* The console's. */
extern struct terminal *terminal_console;

/* A file of it, for a descriptor; it becomes the controlling terminal of a
 * session's leader that has none, unless flags say no. */
long terminal_open(struct thread *t, struct terminal *terminal, uint32_t flags,
                   struct node *node, struct file **ret_file);

/* Opens a device of this kind: -LINUX_ENXIO, it is none. */
long terminal_open_device(struct thread *t, struct node *node, uint32_t flags,
                          struct file **ret_file);

/* The one that controls a session; null: none does. */
struct terminal *terminal_of_session(uint32_t session);

/* Its number as a device. */
uint32_t terminal_special(const struct terminal *terminal);

/* The other side types; how many bytes were taken. */
size_t terminal_type(struct terminal *terminal, const char *bytes,
                     size_t count);

/* What can be read now, may be: who waits for it is woken. */
void terminal_wake_readers(struct terminal *terminal);

/* It has taken what went out: who writes may go on. */
void terminal_has_room(struct terminal *terminal);

/* The window has another size; or is to be drawn anew. */
void terminal_resize(struct terminal *terminal,
                     const struct terminal_size *size);
void terminal_redraw(const struct terminal *terminal);

/* The other side is gone. */
void terminal_hang_up(struct terminal *terminal);
