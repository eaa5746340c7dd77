/* Signals: handlers, masks, waiting, another stack, faults, restart. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

static volatile sig_atomic_t count, last, code;
static void *volatile address;
static sigjmp_buf back;
static char *other_stack;

static void take(int number, siginfo_t *info, void *context)
{
    (void)context;
    count++;
    last = number;
    code = info->si_code;
    address = info->si_addr;
}

static void jump(int number, siginfo_t *info, void *context)
{
    take(number, info, context);
    siglongjmp(back, 1);
}

static void on_other(int number, siginfo_t *info, void *context)
{
    char here;
    take(number, info, context);
    printf("on the other stack %d\n",
           &here > other_stack && &here < other_stack + SIGSTKSZ);
}

static void handle(int number, void (*handler)(int, siginfo_t *, void *),
                   int flags)
{
    struct sigaction action = { .sa_sigaction = handler,
                                .sa_flags = SA_SIGINFO | flags };
    sigemptyset(&action.sa_mask);
    if (sigaction(number, &action, NULL) != 0) { perror("sigaction"); }
}

static void masks(void)
{
    sigset_t mask, old, pending;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    handle(SIGUSR1, take, 0);
    kill(getpid(), SIGUSR1);
    printf("handled %d %d %d\n", count, last == SIGUSR1, code == SI_USER);
    sigprocmask(SIG_BLOCK, &mask, &old);
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGUSR1);
    sigpending(&pending);
    printf("blocked %d, pending %d\n", count, sigismember(&pending, SIGUSR1));
    sigsuspend(&old);
    printf("suspended: %d, %s\n", count, strerror(errno));
    union sigval value = { .sival_int = 7 };
    sigqueue(getpid(), SIGUSR1, value);
    siginfo_t info;
    int number = sigtimedwait(&mask, &info, NULL);
    printf("waited %d %d %d\n", number == SIGUSR1, info.si_value.sival_int,
           info.si_code == SI_QUEUE);
    struct timespec little = { 0, 10000000 };
    number = sigtimedwait(&mask, &info, &little);
    printf("timed out %d %s\n", number, strerror(errno));
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static void faults(void)
{
    struct sigaction plain = { .sa_handler = SIG_DFL };
    handle(SIGSEGV, jump, 0);
    handle(SIGILL, jump, 0);
    handle(SIGBUS, jump, 0);
    handle(SIGTRAP, jump, 0);
    if (sigsetjmp(back, 1) == 0) { *(volatile int *)0x1238 = 1; }
    printf("fault %d, maps nothing %d, %p\n", last == SIGSEGV,
           code == SEGV_MAPERR, address);
    char *page =
        mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (sigsetjmp(back, 1) == 0) { page[9] = 1; }
    printf("fault %d, no access %d, %d\n", last == SIGSEGV, code == SEGV_ACCERR,
           (char *)address == page + 9);
    if (sigsetjmp(back, 1) == 0) { __asm__ volatile(".word 0"); }
    printf("illegal %d\n", last == SIGILL);
    if (sigsetjmp(back, 1) == 0) { __asm__ volatile("ebreak"); }
    printf("trap %d\n", last == SIGTRAP);
    FILE *file = tmpfile();
    char *beyond = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fileno(file), 0);
    if (sigsetjmp(back, 1) == 0) { code = *(volatile char *)beyond; }
    printf("bus %d %d\n", last == SIGBUS, (char *)address == beyond);
    sigaction(SIGSEGV, &plain, NULL);
}

static void restarts(void)
{
    struct itimerval soon = { { 0, 0 }, { 0, 20000 } };
    int ends[2];
    char byte;
    pipe(ends);
    handle(SIGALRM, take, 0);
    setitimer(ITIMER_REAL, &soon, NULL);
    long got = read(ends[0], &byte, 1);
    printf("interrupted %ld %s\n", got, strerror(errno));
    handle(SIGALRM, take, SA_RESTART);
    count = 0;
    if (fork() == 0) {
        usleep(100000);
        write(ends[1], "x", 1);
        _exit(0);
    }
    setitimer(ITIMER_REAL, &soon, NULL);
    got = read(ends[0], &byte, 1);
    printf("restarted %ld after %d\n", got, count);
    wait(NULL);
    setitimer(ITIMER_REAL, &soon, NULL);
    got = poll(NULL, 0, 1000);
    printf("poll %ld %s\n", got, strerror(errno));
}

static void children(void)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        *(volatile int *)0 = 1;
        _exit(0);
    }
    waitpid(child, &status, 0);
    printf("child: signal %d\n", WTERMSIG(status));
    child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        _exit(5);
    }
    waitpid(child, &status, WUNTRACED);
    printf("stopped %d by %d\n", WIFSTOPPED(status),
           WSTOPSIG(status) == SIGSTOP);
    kill(child, SIGCONT);
    waitpid(child, &status, WCONTINUED);
    printf("continued %d\n", WIFCONTINUED(status));
    waitpid(child, &status, 0);
    printf("ended %d\n", WEXITSTATUS(status));
    printf("no child %d %s\n", waitpid(-1, &status, 0), strerror(errno));
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    masks();
    other_stack = malloc(SIGSTKSZ);
    stack_t stack = { .ss_sp = other_stack, .ss_size = SIGSTKSZ };
    sigaltstack(&stack, NULL);
    handle(SIGUSR2, on_other, SA_ONSTACK);
    raise(SIGUSR2);
    faults();
    restarts();
    children();
    fflush(stdout);
    printf("no signal %d %s\n", kill(getpid(), 99), strerror(errno));
    printf("nobody %d %s\n", kill(4000000, SIGTERM), strerror(errno));
    printf(
        "KILL is not handled %d\n",
        sigaction(SIGKILL, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL));
    kill(getpid(), SIGTERM);
    return 0;
}
