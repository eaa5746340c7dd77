/* Other processes: fork, vfork, spawn, popen; what they leave behind. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int ended(pid_t child)
{
    int status = -1;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    int mine = 1;
    int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = fork();
    if (child == 0) {
        mine = 2;
        *shared = 3;
        _exit(4);
    }
    int status = ended(child);
    printf("fork %d, mine %d, shared %d\n", status, mine, *shared);

    volatile int seen = 0;
    child = vfork();
    if (child == 0) {
        seen = 5;
        _exit(6);
    }
    printf("vfork: seen %d\n", seen);
    printf("ended %d\n", ended(child));
    volatile int error = 0;
    child = vfork();
    if (child == 0) {
        execl("/nonexistent", "x", NULL);
        error = errno;
        _exit(127);
    }
    printf("vfork's error: %s\n", strerror(error));
    printf("ended %d\n", ended(child));

    char *words[] = { "sh", "-c", "exit 8", NULL };
    printf("spawn %d\n",
           posix_spawn(&child, "/bin/busybox", NULL, NULL, words, environ));
    printf("ended %d\n", ended(child));
    int failed =
        posix_spawn(&child, "/nonexistent", NULL, NULL, words, environ);
    printf("no spawn: %s\n", strerror(failed));

    char line[64] = "";
    FILE *pipe = popen("echo from a pipe; exit 9", "r");
    fgets(line, sizeof line, pipe);
    printf("%s", line);
    printf("popen %d\n", WEXITSTATUS(pclose(pipe)));
    printf("system %d\n", WEXITSTATUS(system("exit 10")));

    child = fork();
    if (child == 0) { execl("/tests/t-hello-static", "hello", "word", NULL); }
    printf("exec %d\n", ended(child));
    child = fork();
    if (child == 0) {
        execl("/etc/passwd", "x", NULL);
        printf("no program: %s\n", strerror(errno));
        _exit(0);
    }
    ended(child);
    child = fork();
    if (child == 0) { abort(); }
    printf("abort %d\n", ended(child));

    pid_t children[20];
    int sum = 0;
    for (int i = 0; i < 20; i++) {
        children[i] = fork();
        if (children[i] == 0) { _exit(i); }
    }
    for (int i = 0; i < 20; i++) { sum += ended(children[i]); }
    printf("twenty, sum %d\n", sum);
    printf("session %d, group %d\n", getsid(0) > 0, getpgid(0) == getpgrp());
    printf("nobody %d %s\n", setpgid(4000000, 0), strerror(errno));
    return 12;
}
