#include <files/tty.h>

#include <loop.h>
#include <memory/user.h>
#include <processes/process.h>
#include <skeleton.h>
#include <string.h>

#define ROOM 4096
enum { TCGETS = 0x5401, TCSETS, TCSETSW, TCSETSF };
enum { TIOCGPGRP = 0x540f, TIOCSPGRP, TIOCGWINSZ = 0x5413 };

static char output[ROOM]; /* written, and not taken by the console yet */
static uint64_t used, sent, output_buffer, input_buffer;
static char input[KERNE_LINE_BYTES];
static uint64_t line_bytes,
    line_read; /* a line that has come; as far as read */
static bool is_ended, is_wanted;
static struct queue to_read, to_write;

/* Linux's struct termios of the kernel. */
struct settings {
    uint32_t input, output, control, local;
    uint8_t line, character[19];
};
static struct settings settings = { .input = 0x500,
                                    .output = 5,
                                    .control = 0xbf,
                                    .local = 0x8a3b,
                                    .character = { 3, 28, 127, 21, 4, 0, 1, 0,
                                                   17, 19, 26, 0, 18, 15, 23,
                                                   22, 0, 0, 0 } };
static uint32_t foreground;

/* ---- output -------------------------------------------------------------- */

/* As far as the last newline. */
static uint64_t whole_lines(void)
{
    uint64_t bytes = used;
    while (bytes > 0 && output[bytes - 1] != '\n') { bytes--; }
    return bytes;
}

/* Whole lines go at once; a part of one when somebody is to read it. */
void tty_send(void)
{
    uint64_t bytes = whole_lines();
    if (used == ROOM || is_wanted) { bytes = used; }
    if (output_buffer != 0 || bytes == 0) { return; }
    struct kerne_words message =
        kerne_area(KERNE_OUTPUT, KERNE_GRANT_READ, output,
                   bytes < CONSOLE_OUTPUT_BYTES ? bytes : CONSOLE_OUTPUT_BYTES);
    if (kerne_send_message(linux_parent.console.address, &message,
                           &output_buffer) != KERNE_r_normal) {
        output_buffer = 0;
    }
    sent = bytes < CONSOLE_OUTPUT_BYTES ? bytes : CONSOLE_OUTPUT_BYTES;
}

static void take_out(uint64_t bytes)
{
    used -= bytes;
    memmove(output, output + bytes, used);
    queue_wake(&to_write);
}

void tty_flush(void)
{
    is_wanted = true;
    for (tty_send(); output_buffer != 0; tty_send()) {
        struct kerne_words words;
        uint64_t result = kerne_wait_answer(output_buffer, &words);
        uint64_t bytes = words.w[KERNE_WORD_BYTES];
        output_buffer = 0;
        take_out(result == KERNE_r_normal && bytes > 0 && bytes <= sent ? bytes
                                                                        : sent);
    }
}

static long tty_write(struct file *file, struct transfer *from,
                      uint64_t *position)
{
    uint64_t bytes = ROOM - used < from->bytes ? ROOM - used : from->bytes;
    (void)file;
    (void)position;
    if (bytes == 0) { return from->bytes == 0 ? 0 : -LINUX_EAGAIN; }
    if (transfer_get(from, output + used, bytes) != 0) { return -LINUX_EFAULT; }
    used += bytes;
    return (long)bytes;
}

/* ---- input --------------------------------------------------------------- */

static void ask(void)
{
    struct kerne_words message =
        kerne_area(KERNE_INPUT, KERNE_GRANT_WRITE, input, sizeof input);
    is_wanted = true;
    if (input_buffer == 0 &&
        kerne_send_message(linux_parent.console.address, &message,
                           &input_buffer) != KERNE_r_normal) {
        input_buffer = 0;
    }
}

static long tty_read(struct file *file, struct transfer *to, uint64_t *position)
{
    uint64_t bytes = line_bytes - line_read;
    (void)file;
    (void)position;
    if (to->bytes == 0 || is_ended) { return 0; }
    if (bytes == 0) {
        ask();
        return -LINUX_EAGAIN;
    }
    if (bytes > to->bytes) { bytes = to->bytes; }
    if (transfer_put(to, input + line_read, bytes) != 0) {
        return -LINUX_EFAULT;
    }
    line_read += bytes;
    return (long)bytes;
}

bool tty_answer(const struct kerne_received *received)
{
    uint64_t bytes = received->words.w[KERNE_WORD_BYTES];
    bool is_good = KERNE_EVENT_RESULT(received->event) == KERNE_r_normal;
    if (received->buffer == output_buffer) {
        output_buffer = 0;
        take_out(is_good && bytes > 0 && bytes <= sent ? bytes : sent);
        return true;
    }
    if (received->buffer != input_buffer) { return false; }
    input_buffer = 0;
    is_wanted = false;
    is_ended = !is_good || bytes == 0;
    line_bytes = bytes < sizeof input ? bytes : sizeof input;
    line_read = 0;
    queue_wake(&to_read);
    return true;
}

/* ---- the rest ------------------------------------------------------------ */

static unsigned tty_ready(struct file *file)
{
    (void)file;
    if (line_bytes == line_read && !is_ended) { ask(); }
    return (line_read < line_bytes || is_ended ? LINUX_POLLIN : 0) |
           (used < ROOM ? LINUX_POLLOUT : 0);
}

static struct queue *tty_queue(struct file *file, unsigned bits)
{
    (void)file;
    return bits & LINUX_POLLIN ? &to_read : &to_write;
}

static long tty_control(struct file *file, struct thread *t, uint64_t request,
                        uint64_t argument)
{
    uint16_t size[4] = { 24, (uint16_t)linux_parent.console.columns, 0, 0 };
    if (size[1] == 0) { size[1] = 80; }
    (void)file;
    switch (request) {
    case TCGETS:
        return user_write(t->space, argument, &settings, sizeof settings);
    case TCSETS:
    case TCSETSW:
    case TCSETSF:
        return user_read(t->space, &settings, argument, sizeof settings);
    case TIOCGWINSZ: return user_write(t->space, argument, size, sizeof size);
    case TIOCGPGRP:
        if (foreground == 0) { foreground = t->process->group; }
        return user_write(t->space, argument, &foreground, sizeof foreground);
    case TIOCSPGRP:
        return user_read(t->space, &foreground, argument, sizeof foreground);
    default: return -LINUX_ENOTTY;
    }
}

const struct file_kind tty_file = {
    .read = tty_read,
    .write = tty_write,
    .control = tty_control,
    .ready = tty_ready,
    .queue = tty_queue,
};
