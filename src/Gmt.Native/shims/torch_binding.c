/*
 * Stands for TorchSharp's binding, libLibTorchSharp.so, where libGmtScalars.so is linked and tested; it is never installed. It counts what
 * is freed.
 */
#include <stddef.h>

static size_t freed;
static void *last;

void THSTorch_dispose_scalar(void *scalar) {
    freed++;
    last = scalar;
}

size_t stub_freed(void) { return freed; }

void *stub_last(void) { return last; }
