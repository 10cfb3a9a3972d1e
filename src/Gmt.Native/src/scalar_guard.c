/*
 * A library of its own (libGmtScalars.so), which stands before TorchSharp's binding: it answers one of its functions and leaves the others to it.
 *
 * TorchSharp makes a native scalar for each number that goes into an operator, `x * 2` or the 1 of `x + 1 * y`, and hands its address over without
 * keeping the managed object alive. A garbage collection at that moment frees the scalar while libtorch reads it: a wrong number, or "Unknown
 * scalar type". Here a freed scalar stays for as long as it takes to free so many others.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>

#define WAITING 65536

typedef void (*dispose_function)(void *scalar);

static _Atomic(void *) waiting[WAITING];
static atomic_size_t next_place;
static _Atomic(dispose_function) dispose;

static dispose_function find_dispose(void) {
    dispose_function found = atomic_load_explicit(&dispose, memory_order_acquire);
    if (found == NULL) {
        *(void **)&found = dlsym(RTLD_NEXT, "THSTorch_dispose_scalar");
        atomic_store_explicit(&dispose, found, memory_order_release);
    }

    return found;
}

__attribute__((visibility("default"))) void THSTorch_dispose_scalar(void *scalar) {
    size_t place = atomic_fetch_add_explicit(&next_place, 1, memory_order_relaxed) % WAITING;
    void *longest = atomic_exchange_explicit(&waiting[place], scalar, memory_order_acq_rel);
    if (longest != NULL) {
        find_dispose()(longest);
    }
}
