/* Threads: memory of their own, mutexes, conditions, the end of each. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define THREADS 4
#define ROUNDS 5000

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static sem_t semaphore;
static __thread long own = 7;
static long total, turn;
static atomic_long atomic;

static void *work(void *argument)
{
    long number = (long)argument;
    double product = 1;
    own += number;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_mutex_lock(&mutex);
        total++;
        pthread_mutex_unlock(&mutex);
        atomic++;
        product *= 1.0 + (double)number / ROUNDS;
    }
    pthread_barrier_wait(&barrier);
    pthread_mutex_lock(&mutex);
    while (turn != number) { pthread_cond_wait(&condition, &mutex); }
    printf("thread %ld: own %ld, product %.4f\n", number, own, product);
    turn++;
    pthread_cond_broadcast(&condition);
    pthread_mutex_unlock(&mutex);
    sem_post(&semaphore);
    return (void *)(number * 10);
}

static void *cancelled(void *argument)
{
    (void)argument;
    for (;;) { pause(); }
    return NULL;
}

static void *detached(void *argument)
{
    (void)argument;
    sem_post(&semaphore);
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    long sum = 0;
    void *result;
    pthread_barrier_init(&barrier, NULL, THREADS);
    sem_init(&semaphore, 0, 0);
    for (long i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, work, (void *)i);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &result);
        sum += (long)result;
    }
    printf("total %ld %ld, results %ld, own %ld\n", total, (long)atomic, sum,
           own);
    for (int i = 0; i < THREADS; i++) { sem_wait(&semaphore); }
    printf("semaphore %d %s\n", sem_trywait(&semaphore), strerror(errno));
    struct timespec soon;
    clock_gettime(CLOCK_REALTIME, &soon);
    soon.tv_nsec = (soon.tv_nsec + 10000000) % 1000000000;
    soon.tv_sec += soon.tv_nsec < 10000000;
    pthread_mutex_lock(&mutex);
    printf("timed out %d\n",
           pthread_cond_timedwait(&condition, &mutex, &soon) == ETIMEDOUT);
    pthread_mutex_unlock(&mutex);
    pthread_create(&threads[0], NULL, cancelled, NULL);
    pthread_cancel(threads[0]);
    pthread_join(threads[0], &result);
    printf("cancelled %d\n", result == PTHREAD_CANCELED);
    for (int i = 0; i < 50; i++) {
        pthread_t thread;
        pthread_create(&thread, NULL, detached, NULL);
        pthread_detach(thread);
    }
    for (int i = 0; i < 50; i++) { sem_wait(&semaphore); }
    printf("fifty detached\n");
    printf("main thread %d\n", syscall(SYS_gettid) == getpid());
    fflush(stdout);
    pthread_create(&threads[0], NULL, cancelled, NULL);
    return 13; /* the other thread ends with us */
}
