/* For wrong.c: how an argument of each kind can be wrong. */
#pragma once

#include <stdbool.h>

static const char *const kind_names[] = {
    [NUMBER] = "number",   [FLAGS] = "flags",   [LENGTH] = "length",
    [SIZE] = "size",       [SIGNAL] = "signal", [ID] = "id",
    [ADDRESS] = "address", [FILE] = "file",     [FOLDER] = "folder",
    [PATH] = "path",       [IN] = "in",         [OUT] = "out",
};

struct wrong {
    const char *name;
    long value;
};

/* A value as it is, or made from the right one. */
struct list {
    const char *name;
    enum { IS, PLUS, WITH } how;
    long value;
};

#define INT_MOST 0x7fffffffL
#define HALF (1L << 31)
#define WORD (1L << 32)
#define TOP ((long)(1UL << 63))
#define END      \
    {            \
        0, IS, 0 \
    }

static const struct list of_number[] = { { "0", IS, 0 },
                                         { "1", IS, 1 },
                                         { "2", IS, 2 },
                                         { "3", IS, 3 },
                                         { "7", IS, 7 },
                                         { "99", IS, 99 },
                                         { "minus", IS, -1 },
                                         { "int", IS, INT_MOST },
                                         { "half", IS, HALF },
                                         { "minus_half", IS, -HALF },
                                         { "top", IS, TOP },
                                         { "high", WITH, WORD },
                                         END };
static const struct list of_length[] = { { "0", IS, 0 },
                                         { "1", IS, 1 },
                                         { "less", PLUS, -1 },
                                         { "int", IS, INT_MOST },
                                         { "half", IS, HALF },
                                         { "word", IS, WORD },
                                         { "high", WITH, WORD },
                                         { "max", IS, ~TOP },
                                         { "top", IS, TOP },
                                         { "minus", IS, -1 },
                                         END };
static const struct list of_size[] = {
    { "0", IS, 0 },         { "1", IS, 1 },          { "less", PLUS, -1 },
    { "more", PLUS, 1 },    { "int", IS, INT_MOST }, { "half", IS, HALF },
    { "high", WITH, WORD }, { "minus", IS, -1 },     END
};
static const struct list of_signal[] = {
    { "32", IS, 32 },     { "64", IS, 64 },       { "65", IS, 65 },
    { "9", IS, 9 },       { "19", IS, 19 },       { "minus", IS, -1 },
    { "half", IS, HALF }, { "high", WITH, WORD }, END
};
static const struct list of_id[] = { { "0", IS, 0 },
                                     { "minus", IS, -1 },
                                     { "absent", IS, 0x3ffffe },
                                     { "int", IS, INT_MOST },
                                     { "half", IS, HALF },
                                     { "high", WITH, WORD },
                                     END };
static const struct list of_address[] = { { "null", IS, 0 },
                                          { "odd", PLUS, 1 },
                                          { "before", PLUS, -PAGE },
                                          { "gap", IS, GAP },
                                          { "behind", IS, 1L << 38 },
                                          { "far", IS, 1L << 62 },
                                          { "last", IS, -PAGE },
                                          { "minus", IS, -1 },
                                          END };
static const struct list of_file[] = { { "minus", IS, -1 },
                                       { "closed", IS, NOT_OPEN },
                                       { "huge", IS, 1 << 30 },
                                       { "int", IS, INT_MOST },
                                       { "half", IS, HALF },
                                       { "high", WITH, WORD },
                                       { "file", IS, AT_FILE },
                                       { "reading", IS, AT_READING },
                                       { "writing", IS, AT_WRITING },
                                       { "path", IS, AT_PATH },
                                       { "folder", IS, AT_FOLDER },
                                       { "pipe_out", IS, AT_PIPE_OUT },
                                       { "pipe_in", IS, AT_PIPE_IN },
                                       { "socket", IS, AT_SOCKET },
                                       { "lone", IS, AT_LONE },
                                       { "listener", IS, AT_LISTENER },
                                       { "single", IS, AT_SINGLE },
                                       { "epoll", IS, AT_EPOLL },
                                       { "event", IS, AT_EVENT },
                                       { "null", IS, AT_NULL },
                                       { "terminal", IS, AT_TERMINAL },
                                       END };
static const struct list of_folder[] = {
    { "minus", IS, -1 },         { "closed", IS, NOT_OPEN },
    { "huge", IS, 1 << 30 },     { "file", IS, AT_FILE },
    { "path", IS, AT_PATH },     { "pipe", IS, AT_PIPE_OUT },
    { "socket", IS, AT_SOCKET }, { "high", WITH, WORD },
    { "folder", IS, AT_FOLDER }, END
};

/* 4,096 signs without an end, of names not too long; 256 and 255 signs. */
static char long_path[PAGE + 2], long_name[257], full_name[256];

static const struct list of_path[] = {
    { "null", IS, 0 },
    { "behind", IS, 1L << 38 },
    { "minus", IS, -1 },
    { "unended", IS, UNENDED + PAGE - 4 },
    { "closed", IS, CLOSED },
    { "empty", IS, (long)"" },
    { "long", IS, (long)long_path },
    { "long_name", IS, (long)long_name },
    { "full_name", IS, (long)full_name },
    { "missing", IS, (long)"missing" },
    { "missing_slash", IS, (long)"missing/" },
    { "through_nothing", IS, (long)"missing/x" },
    { "through_file", IS, (long)"file/x" },
    { "through_link", IS, (long)"link/x" },
    { "file", IS, (long)"file" },
    { "file_slash", IS, (long)"file/" },
    { "file_dot", IS, (long)"file/." },
    { "folder", IS, (long)"folder" },
    { "folder_slash", IS, (long)"folder/" },
    { "folder_dot", IS, (long)"folder/." },
    { "full", IS, (long)"full" },
    { "inside", IS, (long)"folder/new" },
    { "dot", IS, (long)"." },
    { "up", IS, (long)"full/.." },
    { "root", IS, (long)"/" },
    { "link", IS, (long)"link" },
    { "link_slash", IS, (long)"link/" },
    { "to_folder", IS, (long)"to_folder" },
    { "dangling", IS, (long)"dangling" },
    { "loop", IS, (long)"loop1" },
    { "through_loop", IS, (long)"loop1/x" },
    { "socket", IS, (long)"named" },
    END
};

static const struct list *const lists[] = {
    [NUMBER] = of_number, [LENGTH] = of_length, [SIZE] = of_size,
    [SIGNAL] = of_signal, [ID] = of_id,         [ADDRESS] = of_address,
    [FILE] = of_file,     [FOLDER] = of_folder, [PATH] = of_path,
};

static bool from_list(const struct argument *argument, long number,
                      struct wrong *ret)
{
    const struct list *entry = lists[argument->kind];
    while (entry->name != 0 && number > 0) {
        entry++;
        number--;
    }
    long right = argument->right == SELF ? call(GETPID) : argument->right;
    ret->name = entry->name;
    ret->value = entry->how == IS     ? entry->value
                 : entry->how == PLUS ? right + entry->value
                                      : right | entry->value;
    if (argument->kind == FOLDER && entry->how == WITH) {
        ret->value = (right & (WORD - 1)) | WORD;
    }
    return entry->name != 0;
}

/* Each bit that is right not to be, or the other way round. */
static bool of_bits(const struct argument *argument, long number,
                    struct wrong *ret)
{
    static const char *const bits[34] = {
        "b0",  "b1",  "b2",  "b3",  "b4",  "b5",   "b6",   "b7",  "b8",
        "b9",  "b10", "b11", "b12", "b13", "b14",  "b15",  "b16", "b17",
        "b18", "b19", "b20", "b21", "b22", "b23",  "b24",  "b25", "b26",
        "b27", "b28", "b29", "b30", "b31", "high", "minus"
    };
    if (number >= 34) { return false; }
    ret->name = bits[number];
    ret->value = number == 33 ? -1 : argument->right ^ 1L << number;
    return true;
}

/* A pointer: what lies at each end of an area, and where nothing can be. */
enum { POINTERS = 9 };
static bool of_pointer(const struct argument *argument, long place, long number,
                       struct wrong *ret)
{
    static const char *const names[POINTERS] = { "null",   "odd",  "far",
                                                 "behind", "wrap", "minus",
                                                 "first",  "last", "closed" };
    long size = argument->right;
    char *at = (char *)(RIGHT + place * STEP + 0x8000);
    if (number < POINTERS) {
        const long values[POINTERS] = {
            0,
            (long)at + 1,
            1L << 62,
            1L << 38,
            -size / 2 - 1,
            -1,
            EDGE - 1,
            EDGE + PAGE - size + 1,
            argument->kind == IN ? CLOSED : READ_ONLY
        };
        ret->name = names[number];
        ret->value = values[number];
        if (argument->record == 0) { return true; }
        memcpy(at + 1, argument->record, (unsigned long)size);
        if (number == 6 && size > 1) {
            memcpy((char *)EDGE, (const char *)argument->record + 1,
                   (unsigned long)size - 1);
        }
        if (number == 7) {
            memcpy((char *)(EDGE + PAGE - size + 1), argument->record,
                   (unsigned long)size - 1);
        }
        return true;
    }
    const struct change *change = argument->changes;
    for (number -= POINTERS; change != 0 && change->name != 0 && number > 0;
         number--) {
        change++;
    }
    if (change == 0 || change->name == 0) { return false; }
    memcpy(at, argument->record, (unsigned long)size);
    if (size - change->word * 8 < 8) {
        memcpy(at + change->word * 8, &change->value,
               (unsigned long)(size - change->word * 8));
    } else {
        ((long *)at)[change->word] = change->value;
    }
    *ret = (struct wrong){ change->name, (long)at };
    return true;
}

/* The wrong argument of that number; false: there are not so many. */
static bool wrong_at(const struct argument *argument, long place, long number,
                     struct wrong *ret)
{
    return argument->kind == IN || argument->kind == OUT
               ? of_pointer(argument, place, number, ret)
           : argument->kind == FLAGS ? of_bits(argument, number, ret)
                                     : from_list(argument, number, ret);
}

/* ---- where they lie ------------------------------------------------------ */

static void area(long at, long bytes_there, long rights)
{
    call(MMAP, at, bytes_there, rights, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
         -1, 0);
}

static void begin_areas(void)
{
    area(PAGES, 2 * PAGE, PROT_RW);
    area(EDGE, PAGE, PROT_RW);
    area(UNENDED, PAGE, PROT_RW);
    memset((char *)UNENDED, 'x', PAGE);
    area(READ_ONLY, PAGE, PROT_READ);
    area(CLOSED, PAGE, PROT_NONE);
    for (long i = 0; i < 6; i++) {
        area(RIGHT + i * STEP, PAGE, PROT_RW);
        area(RIGHT + i * STEP + 0x8000, PAGE, PROT_RW);
    }
    for (long i = 0; i < PAGE; i++) { long_path[i] = i % 9 == 0 ? '/' : 'p'; }
    memset(long_name, 'n', 256);
    memset(full_name, 'n', 255);
}
