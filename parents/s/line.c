/* What every command needs: see s.h. */
#include "s.h"

#include <stdarg.h>
#include <stdio.h>

struct system s;

bool refuse(const char *format, ...)
{
    char text[400];
    va_list list;
    va_start(list, format);
    (void)vsnprintf(text, sizeof text, format, list);
    va_end(list);
    say("%s", text);
    words_end(&s.line);
    return false;
}

bool done(bool is_done)
{
    static const char *const remedies[] = {
        [REFUSED_NO_FILE] = "; `files` lists those that it has",
        [REFUSED_TOO_BIG] = "; say `size` before `create`",
        [REFUSED_LOAD_TABLES] = "; say `tables` before `create`",
    };
    const char *remedy = remedies[s.parent.refused];
    return is_done ||
           refuse("%s%s", s.parent.refusal, remedy == NULL ? "" : remedy);
}

const char *take_word(const char *what)
{
    const char *word = words_wanted(&s.line, what);
    if (word == NULL) { refuse("syntax error: %s", s.line.wrong); }
    return word;
}

bool take_number(const char *what, uint64_t *ret_number)
{
    return words_number(&s.line, what, ret_number) ||
           refuse("syntax error: %s", s.line.wrong);
}
