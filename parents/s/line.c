#include "line.h"

#include <stddef.h>

static bool is_blank(char c) { return c <= ' ' || c > '~'; }

bool line_read(struct line *line, const char *text, uint64_t bytes)
{
    uint16_t used = 0;
    uint64_t i = 0;
    line->count = 0;
    line->next = 0;
    while (line->count < LINE_WORDS) {
        while (i < bytes && is_blank(text[i])) { i++; }
        if (i == bytes || used >= KERNE_LINE_BYTES) { return true; }
        bool quoted = text[i] == '"';
        i += quoted;
        line->begin[line->count++] = used;
        while (i < bytes && used < KERNE_LINE_BYTES &&
               (quoted ? text[i] != '"' : !is_blank(text[i]))) {
            line->text[used++] = is_blank(text[i]) ? ' ' : text[i];
            i++;
        }
        line->text[used++] = '\0';
        if (quoted && (i == bytes || text[i] != '"')) {
            line->count = 0;
            return false;
        }
        i += quoted;
    }
    return true;
}

const char *line_look(const struct line *line)
{
    return line->next < line->count ? &line->text[line->begin[line->next]]
                                    : NULL;
}

const char *line_take(struct line *line)
{
    const char *word = line_look(line);
    line->next += word != NULL;
    return word;
}

void line_end(struct line *line) { line->next = line->count; }
