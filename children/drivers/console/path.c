#include "path.h"

#include <stdio.h>
#include <string.h>

#define GAP "/.../"
#define GAP_LENGTH (sizeof(GAP) - 1)

bool addressee_same(const struct addressee *a, const struct addressee *b)
{
    return a->is_parent == b->is_parent && strcmp(a->path, b->path) == 0;
}

bool addressee_within(const struct addressee *one, const struct addressee *of)
{
    size_t length = strlen(of->path);
    return addressee_same(one, of) ||
           (!one->is_parent && !of->is_parent &&
            strncmp(one->path, of->path, length) == 0 &&
            one->path[length] == '/');
}

static bool ends_in(const char *path, const char *end)
{
    size_t length = strlen(path), wanted = strlen(end);
    if (wanted > length || strcmp(path + length - wanted, end) != 0) {
        return false;
    }
    return wanted == length || path[length - wanted - 1] == '/';
}

bool path_is_meant(const char *path, const char *typed)
{
    const char *gap = strstr(typed, GAP);
    if (gap == NULL) { return *typed != 0 && ends_in(path, typed); }
    size_t first = (size_t)(gap - typed);
    return strncmp(path, typed, first) == 0 && path[first] == '/' &&
           strlen(path) > first + 1 + strlen(gap + GAP_LENGTH) &&
           ends_in(path + first + 1, gap + GAP_LENGTH);
}

void path_short(const char *path, char ret_text[PATH_SHOWN + 1])
{
    size_t first = strcspn(path, "/");
    const char *last = path + strlen(path);
    const char *next = last;
    if (strlen(path) <= PATH_SHOWN) {
        (void)snprintf(ret_text, PATH_SHOWN + 1, "%s", path);
        return;
    }
    while (first + GAP_LENGTH + strlen(next) <= PATH_SHOWN) {
        last = next;
        do {
            next--;
        } while (next[-1] != '/');
    }
    (void)snprintf(ret_text, PATH_SHOWN + 1, "%.*s" GAP "%s", (int)first, path,
                   last);
}

struct path_shown path_shown(const char *path)
{
    struct path_shown text;
    path_short(path, text.is);
    return text;
}

void path_around(const char *path, char ret_path[PATH_BYTES])
{
    const char *last = strrchr(path, '/');
    size_t length = last == NULL ? 0 : (size_t)(last - path);
    (void)snprintf(ret_path, PATH_BYTES, "%.*s", (int)length, path);
}
