/* JSON, written into a buffer of the caller's. */
#include "json.h"

static const char digits[] = "0123456789abcdef";

static void put(struct json *j, char c)
{
    if (j->length < j->size) { j->buffer[j->length] = c; }
    j->length++;
}

static void separate(struct json *j)
{
    if (!j->is_first) { put(j, ','); }
    j->is_first = false;
}

void json_begin(struct json *j, char open)
{
    separate(j);
    put(j, open);
    j->is_first = true;
}

void json_end(struct json *j, char close)
{
    put(j, close);
    j->is_first = false;
}

static void quoted(struct json *j, const char *text, size_t bytes)
{
    put(j, '"');
    for (size_t i = 0; i < bytes && text[i] != '\0'; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\') {
            put(j, '\\');
            put(j, (char)c);
        } else if (c >= ' ' && c < 0x7f) {
            put(j, (char)c);
        } else {
            put(j, '\\');
            put(j, 'u');
            put(j, '0');
            put(j, '0');
            put(j, digits[c >> 4]);
            put(j, digits[c & 15]);
        }
    }
    put(j, '"');
}

void json_text(struct json *j, const char *text, size_t bytes)
{
    separate(j);
    quoted(j, text, bytes);
}

void json_name(struct json *j, const char *name)
{
    separate(j);
    quoted(j, name, SIZE_MAX);
    put(j, ':');
    j->is_first = true;
}

static void in_base(struct json *j, uint64_t value, unsigned base)
{
    char reversed[20];
    unsigned count = 0;
    do {
        reversed[count++] = digits[value % base];
        value /= base;
    } while (value != 0);
    while (count > 0) { put(j, reversed[--count]); }
}

void json_number(struct json *j, int64_t value)
{
    separate(j);
    if (value < 0) { put(j, '-'); }
    in_base(j, value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
}

void json_word(struct json *j, uint64_t value)
{
    separate(j);
    put(j, '"');
    put(j, '0');
    put(j, 'x');
    in_base(j, value, 16);
    put(j, '"');
}

void json_truth(struct json *j, bool value)
{
    separate(j);
    for (const char *c = value ? "true" : "false"; *c != '\0'; c++) {
        put(j, *c);
    }
}

void json_named_number(struct json *j, const char *name, int64_t value)
{
    json_name(j, name);
    json_number(j, value);
}

void json_named_word(struct json *j, const char *name, uint64_t value)
{
    json_name(j, name);
    json_word(j, value);
}

void json_named_truth(struct json *j, const char *name, bool value)
{
    json_name(j, name);
    json_truth(j, value);
}

void json_named_text(struct json *j, const char *name, const char *text)
{
    json_name(j, name);
    json_text(j, text, SIZE_MAX);
}
