/* Small pieces, large ones, growing ones, and none. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PIECES 2000
#define LARGE ((size_t)8 << 20)

static int holds(const char *bytes, char value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != value) { return 0; }
    }
    return 1;
}

int main(void)
{
    static char *pieces[PIECES];
    int good = 1;
    for (int i = 0; i < PIECES; i++) {
        size_t size = 1 + (size_t)i * 37 % 4096;
        pieces[i] = malloc(size);
        memset(pieces[i], i, size);
    }
    for (int i = 0; i < PIECES; i += 2) { free(pieces[i]); }
    for (int i = 1; i < PIECES; i += 2) {
        good &= holds(pieces[i], (char)i, 1 + (size_t)i * 37 % 4096);
    }
    printf("pieces %d\n", good);
    char *large = calloc(1, LARGE);
    printf("zeros %d\n", holds(large, 0, LARGE));
    memset(large, 5, LARGE);
    large = realloc(large, 4 * LARGE);
    printf("grown %d\n", holds(large, 5, LARGE));
    large = realloc(large, LARGE / 2);
    printf("shrunk %d\n", holds(large, 5, LARGE / 2));
    free(large);
    errno = 0;
    void *none = malloc((size_t)1 << 50);
    printf("too much %d %d\n", none == NULL, errno == ENOMEM);
    return 0;
}
