/*
 * A library of its own (libGmtScalars.so), which stands before TorchSharp's binding: it answers one of its functions and leaves the others
 * to it.
 *
 * TorchSharp makes a native scalar for each number that goes into an operator, `x * 2` or the 1 of `x + 1 * y`, and hands its address over
 * without keeping the managed object alive. A garbage collection at that moment frees the scalar while libtorch reads it: a wrong number,
 * or "Unknown scalar type". Here a freed scalar stays for a second, which no operator needs to read it. It must not stay much longer:
 * scalars lie between large tensors, and the room of those cannot be used again while it is cut up.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#define CAPACITY 65536u
#define HOLD_NANOSECONDS 1000000000u

typedef void (*dispose_function)(void *scalar);

typedef struct {
    void *scalar;
    uint64_t freed_at;
} waiting_scalar;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static waiting_scalar waiting[CAPACITY]; /* a ring, the longest waiting first */
static uint32_t first;
static uint32_t count;
static dispose_function dispose;

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void free_longest_waiting(void) {
    if (dispose == NULL) {
        *(void **)&dispose = dlsym(RTLD_NEXT, "THSTorch_dispose_scalar");
    }

    dispose(waiting[first].scalar);
    first = (first + 1) % CAPACITY;
    count--;
}

__attribute__((visibility("default"))) void THSTorch_dispose_scalar(void *scalar) {
    const uint64_t freed_at = now();
    pthread_mutex_lock(&lock);
    while (count > 0 && (count == CAPACITY || freed_at - waiting[first].freed_at >= HOLD_NANOSECONDS)) {
        free_longest_waiting();
    }

    waiting[(first + count) % CAPACITY] = (waiting_scalar){scalar, freed_at};
    count++;
    pthread_mutex_unlock(&lock);
}
