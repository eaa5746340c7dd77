#include <calls/line.h>

#include <abi.h>
#include <stdarg.h>
#include <stdio.h>

struct word {
    char set;
    uint32_t mask, value;
    const char *name;
};

static const struct word words[] = {
#define WORD(set, mask, value, name) { set, mask, value, #name },
#include "words.def"
#undef WORD
};

static const char *const error_names[] = {
#define LINUX_ERROR(number, name) [number] = #name,
#include <errors.def>
#undef LINUX_ERROR
};

void line_add(struct line *line, const char *format, ...)
{
    va_list list;
    size_t room = sizeof line->text - line->used;
    va_start(list, format);
    int bytes = vsnprintf(line->text + line->used, room, format, list);
    va_end(list);
    line->used += (size_t)bytes < room ? (size_t)bytes : room - 1;
}

void line_add_bytes(struct line *line, const char *bytes, uint64_t count)
{
    line_add(line, "\"");
    for (uint64_t i = 0; i < count; i++) {
        if (bytes[i] == '\n') {
            line_add(line, "\\n");
        } else if (bytes[i] == '"' || bytes[i] == '\\') {
            line_add(line, "\\%c", bytes[i]);
        } else if (bytes[i] < ' ' || bytes[i] > '~') {
            line_add(line, "\\x%02x", (uint8_t)bytes[i]);
        } else {
            line_add(line, "%c", bytes[i]);
        }
    }
    line_add(line, "\"");
}

/* Are the bits of it not named already? */
static bool names(const struct word *word, char set, uint64_t value,
                  uint64_t rest)
{
    return word->set == set && (value & word->mask) == word->value &&
           (rest & word->value) == word->value;
}

void line_add_words(struct line *line, char set, uint64_t value)
{
    uint64_t rest = value;
    const char *between = "";
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!names(&words[i], set, value, rest)) { continue; }
        line_add(line, "%s%s", between, words[i].name);
        rest &= ~(uint64_t)words[i].mask;
        between = "|";
    }
    if (rest != 0) {
        line_add(line, "%s%#lx", between, (unsigned long)rest);
    } else if (*between == '\0') {
        line_add(line, "0");
    }
}

void line_add_value(struct line *line, long value)
{
    uint64_t error = (uint64_t)-value;
    bool is_error = error < sizeof error_names / sizeof error_names[0] &&
                    error_names[error] != NULL;
    if (is_error) {
        line_add(line, "-1 %s", error_names[error]);
    } else {
        line_add(line, value > 1 << 24 || value < 0 ? "%#lx" : "%ld", value);
    }
}
