/* The three ways in which a program ends: by its parent's leave, each. */
#include "finish.h"
#include "program.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void (*kerne_before_finish)(void);
bool kerne_output_lost;

static void write_last_line(void)
{
    void (*write)(void) = kerne_before_finish;
    kerne_before_finish = NULL;
    if (write != NULL) { write(); }
}

static void end_without_buffer(const struct kerne_words *message)
{
    struct kerne_registers r = {
        .a7 = KERNE_NO_BUFFER_TO_END,
        .a0 = message->w[KERNE_WORD_OPERATION],
        .a1 = message->w[KERNE_WORD_FIRST],
        .a2 = message->w[KERNE_WORD_LAST],
    };
    kerne_call(&r);
}

/* The parent removes or stops whoever has said this.  If it lets it go on, or
 * the message cannot be sent, a break says the same in another way. */
static _Noreturn void end_with(const struct kerne_words *message)
{
    for (;;) {
        struct kerne_words answer;
        if (kerne_converse(KERNE_PARENT, message, &answer) ==
            KERNE_r_no_buffers) {
            end_without_buffer(message);
        }
        __asm__ volatile("ebreak");
    }
}

/* picolibc's exit ends here. */
_Noreturn void _exit(int status)
{
    write_last_line();
    if (status == EXIT_SUCCESS && kerne_output_lost) { status = EXIT_FAILURE; }
    end_with(&(struct kerne_words){
        { KERNE_OPERATION(KERNE_FINIS, 0), (uint64_t)status } });
}

_Noreturn void kerne_give_up(const char *format, ...)
{
    static char text[KERNE_TEXT_BYTES];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    write_last_line();
    struct kerne_words message =
        kerne_area(KERNE_GIVE_UP, KERNE_GRANT_READ, text, strlen(text));
    end_with(&message);
}

/* Also where a failed assert ends, after it has written what failed. */
_Noreturn void abort(void) { kerne_give_up("abort was called"); }
