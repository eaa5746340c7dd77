/* What every command needs: see s.h. */
#include "s.h"

struct system s;

bool done(bool is_done)
{
    static const char *const remedies[] = {
        [REFUSED_NO_FILE] = "; `files` lists those that it has",
        [REFUSED_TOO_BIG] = "; say `size` before `create`",
        [REFUSED_LOAD_TABLES] = "; say `tables` before `create`",
    };
    if (!is_done) {
        const char *remedy = remedies[s.parent.refused];
        say("%s%s", s.parent.refusal, remedy == NULL ? "" : remedy);
        words_end(&s.line);
    }
    return is_done;
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
