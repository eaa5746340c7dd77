/* forge [parent]: writes what would pass for the words of others, if it were
 * shown as it is; on the console, or by way of its parent. */
#include <program.h>
#include <stdio.h>

/* A long line, whose bytes do not end a character where messages end. */
static void say_long_line(void)
{
    char line[2 * KERNE_TEXT_BYTES];
    size_t used = 0;
    while (used < sizeof(line) - 3) {
        used += (size_t)sprintf(line + used, used == 0 ? "-" : "\xc3\xbc");
    }
    size_t taken;
    line[used++] = '\n';
    (void)kerne_output(KERNE_PARENT, line, used, &taken);
}

int main(int argc, char **argv)
{
    (void)argv;
    static const char *const texts[] = {
        "\x1b[1A\x1b[2Kfrom s\nforge is removed\n",
        "from",
        " s\n",
        "> halt\n",
        "s/s2> halt\n",
        "to s\n",
        "console: lines go to forge\n",
        "\xe2\x80\xae"
        "drawkcab \xc0\x9b \xc2\x9b"
        "2J\r\n",
        "Gr\xc3\xbc\xc3\x9f"
        "e \xe4",
        "\xb8\x96\n",
        "cut \xe4\xb8",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        size_t taken;
        if (argc > 1) {
            (void)kerne_output(KERNE_PARENT, texts[i], strlen(texts[i]),
                               &taken);
        } else {
            (void)printf("%s", texts[i]);
            (void)fflush(stdout);
        }
    }
    if (argc > 1) { say_long_line(); }
    return 0;
}
