/* For typed.py: tells the size of its window, and each key that comes as it
 * is typed, until q; then a line, as lines are; then it waits for control C. */
#include "bare.h"

enum { SIGWINCH = 28, TCGETS = 0x5401, TCSETS, TIOCGWINSZ = 0x5413 };
enum { ISIG = 1, ICANON = 2, ECHO = 8 };

struct settings {
    unsigned input, output, control, local;
    unsigned char line, character[19];
};
struct action {
    void (*handler)(int signal);
    unsigned long flags, mask;
};

static volatile int changed = 1;

static void window(int signal) { changed = signal; }

static void tell_size(void)
{
    unsigned short size[4] = { 0 };
    changed = 0;
    call(IOCTL, 0, TIOCGWINSZ, size);
    print_number(size[0]);
    print(" rows of ");
    print_number(size[1]);
    print("\n");
}

static void tell_key(unsigned char key)
{
    print("<");
    print_number(key);
    print(">");
}

void test(void)
{
    struct settings before, own;
    struct action action = { window, 0, 0 };
    char text[64];
    unsigned char key = 0;
    call(RT_SIGACTION, SIGWINCH, &action, 0, 8);
    call(IOCTL, 0, TCGETS, &before);
    own = before;
    own.local &= ~(unsigned)(ISIG | ICANON | ECHO);
    own.input = 0;
    call(IOCTL, 0, TCSETS, &own);
    while (key != 'q') {
        if (changed) { tell_size(); }
        if (call(READ, 0, &key, 1) == 1) { tell_key(key); }
    }
    call(IOCTL, 0, TCSETS, &before);
    print("\nnow a line\n");
    long bytes = call(READ, 0, text, sizeof text);
    print("of ");
    print_number(bytes);
    print("\n");
    for (;;) {}
}
