/*
 * The C interface of libGmtC10d: sums over the processes of a run by the engine inside libtorch (c10d with Gloo), which TorchSharp exposes
 * none of. Linux alone, and libtorch 2.10.0 alone: what the library takes for granted of it stands in c10d/abi.h.
 *
 * Rules of the interface
 *   - libtorch must be in the process; the library finds it there by name and is not linked against it.
 *   - No function throws, prints, or ends the process. What went wrong is said in message, as UTF-8 that ends with 0, cut to length bytes.
 *   - One thread at a time uses a group.
 *   - A change that breaks callers raises GMT_C10D_ABI_VERSION; load the library only if gmt_c10d_abi_version() equals it.
 */
#ifndef GMT_C10D_H
#define GMT_C10D_H

#include <stdint.h>

#define GMT_C10D_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

#define GMT_C10D_ABI_VERSION 1

typedef enum gmt_c10d_status {
    GMT_C10D_OK = 0,
    GMT_C10D_BAD_ARGUMENT = 1,
    GMT_C10D_REFUSED = 2, /* libtorch is not in the process, or is another version than this library was written for */
    GMT_C10D_FAILED = 3   /* libtorch threw: a rank is gone, did not come in time, or an address cannot be listened at */
} gmt_c10d_status;

/* The version that the library was built with: GMT_C10D_ABI_VERSION. */
GMT_C10D_API int32_t gmt_c10d_abi_version(void);

/* Whether the libtorch in the process is the one that this library was written for. */
GMT_C10D_API gmt_c10d_status gmt_c10d_check(char *message, int32_t length);

/* How the ranks of a group find each other: by a file that all see, or by a store over TCP that rank 0 keeps. */
typedef struct gmt_c10d_options {
    int32_t rank;                 /* 0 .. size - 1 */
    int32_t size;                 /* 1 or more */
    const char *address;          /* where this rank listens for the others' connections: a host or an address */
    const char *file;             /* of the store; empty or not there before, and rank 0's caller deletes it; null for the store over TCP */
    const char *host;             /* where rank 0 keeps the store */
    int32_t port;                 /* the port of the store */
    int32_t listening;            /* in rank 0 a socket that listens at that port, of which a duplicate is kept; -1 in the others */
    int64_t connect_milliseconds; /* how long ranks wait for each other at the beginning */
    int64_t sum_milliseconds;     /* and in a sum, which they should begin at about the same time */
} gmt_c10d_options;

typedef struct gmt_c10d_group gmt_c10d_group;

/* Connects all ranks with each other; returns once they are. Free the group with gmt_c10d_free. */
GMT_C10D_API gmt_c10d_status gmt_c10d_connect(const gmt_c10d_options *options, gmt_c10d_group **group, char *message, int32_t length);

/* Replaces values, [count], by their sums over all ranks, which have the same bits in all. After a failure the group is of no more use. */
GMT_C10D_API gmt_c10d_status gmt_c10d_sum(gmt_c10d_group *group, float *values, int64_t count, char *message, int32_t length);

/* Closes the connections. Null is allowed. */
GMT_C10D_API void gmt_c10d_free(gmt_c10d_group *group);

#ifdef __cplusplus
}
#endif

#endif
