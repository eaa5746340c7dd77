/* Writes what would pass for the words of others, if it were shown as it is. */
#include <program.h>
#include <stdio.h>

int main(void)
{
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
        (void)printf("%s", texts[i]);
        (void)fflush(stdout);
    }
    return 0;
}
