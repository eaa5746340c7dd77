/*
 * JSON, written into a buffer of the caller's.
 *
 * What does not fit is left out and counted: the caller sees by `length` how
 * much room it takes, and may begin again with more.  Numbers of 64 bits that
 * a page could not hold exactly are written as strings, "0x1f".
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json {
    char *buffer;
    size_t size, length; /* bytes that there are, and that it takes */
    bool is_first;       /* nothing stands yet in what was begun last */
};

void json_begin(struct json *j, char open); /* '{' or '[' */
void json_end(struct json *j, char close);
/* The name of what comes next in an object. */
void json_name(struct json *j, const char *name);
void json_number(struct json *j, int64_t value);
void json_word(struct json *j, uint64_t value); /* "0x1f" */
void json_truth(struct json *j, bool value);
/* Text of at most so many bytes, or up to a zero. */
void json_text(struct json *j, const char *text, size_t bytes);

/* A member of an object at once. */
void json_named_number(struct json *j, const char *name, int64_t value);
void json_named_word(struct json *j, const char *name, uint64_t value);
void json_named_truth(struct json *j, const char *name, bool value);
void json_named_text(struct json *j, const char *name, const char *text);
