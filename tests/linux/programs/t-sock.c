/* Sockets of one computer, and waiting for many things at once. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void pairs(void)
{
    int ends[2];
    char bytes[16] = "";
    socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    write(ends[0], "stream", 6);
    printf("%ld", (long)recv(ends[1], bytes, 3, 0));
    printf(" %ld [%s]\n", (long)read(ends[1], bytes + 3, 9), bytes);
    shutdown(ends[0], SHUT_WR);
    printf("end %ld\n", (long)read(ends[1], bytes, 1));
    printf("no reader %ld %s\n", (long)send(ends[0], "x", 1, MSG_NOSIGNAL),
           strerror(errno));
    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends);
    write(ends[0], "one", 3);
    write(ends[0], "two", 3);
    printf("packet %ld, %ld\n", (long)read(ends[1], bytes, 16),
           (long)read(ends[1], bytes, 2));
}

static void names(void)
{
    struct sockaddr_un address = { AF_UNIX, "/tmp/socket" };
    char bytes[16] = "";
    int server = socket(AF_UNIX, SOCK_STREAM, 0);
    unlink(address.sun_path);
    printf("bind %d", bind(server, (void *)&address, sizeof address));
    printf(" listen %d\n", listen(server, 5));
    if (fork() == 0) {
        int client = socket(AF_UNIX, SOCK_STREAM, 0);
        connect(client, (void *)&address, sizeof address);
        write(client, "client", 6);
        _exit(0);
    }
    int peer = accept(server, NULL, NULL);
    printf("%ld %s\n", (long)read(peer, bytes, 16), bytes);
    wait(NULL);
    int other = socket(AF_UNIX, SOCK_STREAM, 0);
    strcpy(address.sun_path, "/tmp/none");
    printf("no server %d %s\n",
           connect(other, (void *)&address, sizeof address), strerror(errno));
    unlink("/tmp/socket");
    printf("no family %d %d\n", socket(99, SOCK_STREAM, 0),
           errno == EAFNOSUPPORT);
}

static void waiting(void)
{
    int ends[2], counter = eventfd(3, EFD_NONBLOCK);
    unsigned long value;
    pipe(ends);
    struct pollfd two[] = { { ends[0], POLLIN, 0 }, { counter, POLLIN, 0 } };
    printf("poll %d: %d %d\n", poll(two, 2, -1), two[0].revents,
           two[1].revents);
    read(counter, &value, 8);
    printf("counter %lu, again %ld %s\n", value, (long)read(counter, &value, 8),
           strerror(errno));
    printf("time out %d\n", poll(two, 2, 10));
    int set = epoll_create1(0);
    struct epoll_event event = { EPOLLIN, { .u64 = 42 } };
    epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event);
    printf("twice %d %s\n", epoll_ctl(set, EPOLL_CTL_ADD, ends[0], &event),
           strerror(errno));
    printf("nothing %d\n", epoll_wait(set, &event, 1, 10));
    if (fork() == 0) {
        usleep(20000);
        write(ends[1], "x", 1);
        _exit(0);
    }
    printf("epoll %d", epoll_wait(set, &event, 1, 5000));
    printf(" %lu\n", (long)event.data.u64);
    wait(NULL);
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(ends[0], &readable);
    printf("select %d\n", select(ends[0] + 1, &readable, NULL, NULL, NULL));
    close(ends[1]);
    char byte;
    read(ends[0], &byte, 1);
    poll(two, 1, 0);
    printf("hung up %d\n", two[0].revents);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    pairs();
    names();
    waiting();
    return 0;
}
